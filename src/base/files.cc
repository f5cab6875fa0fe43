#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace sca {
namespace fs = std::filesystem;

Error FileError(std::string_view doing, const fs::path& path) {
  const int code = errno;
  const std::string where = path.string();
  if (code == ENOSPC || code == EDQUOT) {
    return {ErrorCode::kOutOfSpace,
            fmt::format("The disk is full: cannot {} {}. Free some space and try again; nothing "
                        "that was saved before is lost.",
                        doing, where)};
  }
  const ErrorCode kind = code == ENOENT ? ErrorCode::kNotFound : ErrorCode::kInternal;
  return {kind, fmt::format("Cannot {} {}: {}.", doing, where, std::strerror(code))};
}

Result<std::string> ReadFile(const fs::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content;
  std::array<char, 65536> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0) {
    content.append(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof()) {  // Not opened, a folder, or the disk failed; errno says which.
    if (errno == 0) errno = EIO;
    return FileError("read", path);
  }
  return content;
}

Status WriteFileAtomically(const fs::path& path, std::string_view content) {
  const fs::path temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return FileError("write", path);
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t count = ::write(descriptor, content.data() + written, content.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    written += static_cast<std::size_t>(count);
  }
  const bool failed = written < content.size() || ::fsync(descriptor) != 0;
  const int code = errno;
  ::close(descriptor);
  if (failed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int reason = failed ? code : errno;
    ::unlink(temporary.c_str());
    errno = reason;
    return FileError("write", path);
  }
  return {};
}

Status CreateFolders(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) {
    errno = code.value();
    return FileError("create the folder", path);
  }
  return {};
}

fs::path ProjectFolder() {
  if (const char* home = std::getenv("SCA_HOME"); home != nullptr && *home != '\0') return home;
  std::error_code code;
  for (fs::path folder = fs::read_symlink("/proc/self/exe", code).parent_path();
       !code && folder != folder.root_path(); folder = folder.parent_path()) {
    if (fs::exists(folder / "environments", code) && fs::exists(folder / "prompts", code)) {
      return folder;
    }
  }
  return fs::current_path();
}

fs::path BesideProgram(const std::string& file, const char* variable) {
  if (const char* path = std::getenv(variable); path != nullptr && *path != '\0') return path;
  std::error_code code;
  return fs::read_symlink("/proc/self/exe", code).parent_path() / file;
}

}  // namespace sca
