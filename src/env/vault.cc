#include "env/vault.h"

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/files.h"

namespace sca::env {
namespace {

constexpr std::string_view kVaultSettings = R"(title = "Vault"
description = "A vault."
[limits]
)";

constexpr std::string_view kVaultTools = R"py(
from sca import read, write

def load_state():
    return {"secret": 41, "log": []}

@read
def peek(state) -> int:
    """The secret."""
    return state["secret"]

@read
def notes(state) -> list:
    """All notes."""
    return state["log"]

@write
def note(state, text: str) -> str:
    """Notes a text."""
    state["log"].append(text)
    return text

@write
def fill(state, size: int) -> int:
    """Notes a text of that size."""
    state["log"].append("x" * size)
    return size

@read
def count_to(state, limit: int) -> int:
    """Counts."""
    return sum(1 for _ in range(limit))

@read
def repeat(state, text: str, times: int) -> str:
    """A text several times."""
    return text * times

@read
def echo(state, value=None) -> object:
    """A value as it came."""
    return value
)py";

}  // namespace

Result<std::unique_ptr<Environment>> LoadVault(std::string_view limits,
                                               const LoadOptions& options) {
  std::string folder_name = std::filesystem::temp_directory_path() / "sca_vault_XXXXXX";
  if (::mkdtemp(folder_name.data()) == nullptr) {
    return Error{ErrorCode::kUnavailable, "No folder can be made: " + folder_name + "."};
  }
  const std::filesystem::path folder = folder_name;
  SCA_TRY(WriteFileAtomically(folder / "environment.toml",
                              std::string(kVaultSettings) + std::string(limits)));
  SCA_TRY(WriteFileAtomically(folder / "tools.py", kVaultTools));
  auto environment = Environment::Load(folder, options);
  std::filesystem::remove_all(folder);
  return environment;
}

}  // namespace sca::env
