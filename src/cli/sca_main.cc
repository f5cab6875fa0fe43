#include "cli/commands.h"

int main(int count, char** arguments) { return sca::cli::Main(count, arguments); }
