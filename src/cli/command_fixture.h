// For tests: the program called as a shell would.

#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/commands.h"

namespace sca::cli {

struct Ran {
  int exit_code = 0;
  std::string output;
  std::string errors;
};

// `words` without the program's name.
inline Ran RunSca(const std::vector<std::string>& words) {
  std::vector<const char*> arguments = {"sca"};
  for (const std::string& word : words) arguments.push_back(word.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Ran ran;
  ran.exit_code = Main(static_cast<int>(arguments.size()), arguments.data());
  ran.output = testing::internal::GetCapturedStdout();
  ran.errors = testing::internal::GetCapturedStderr();
  return ran;
}

}  // namespace sca::cli
