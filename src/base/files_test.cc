#include "base/files.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace sca {
namespace fs = std::filesystem;
namespace {

class Files : public testing::Test {
 protected:
  Files() {
    std::string pattern = testing::TempDir() + "sca_files_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Files() override { fs::remove_all(folder_); }

  std::size_t EntriesOfFolder() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(Files, GivesBackWhatWasWrittenByteForByte) {
  std::string content("a\0b\r\n\xFF", 6);
  content += std::string(200'000, 'x');

  ASSERT_TRUE(WriteFileAtomically(folder_ / "file", content).ok());

  EXPECT_EQ(ReadFile(folder_ / "file").value(), content);
}

TEST_F(Files, ReplacesAFileAndLeavesNothingBeside) {
  ASSERT_TRUE(WriteFileAtomically(folder_ / "file", "old").ok());
  ASSERT_TRUE(WriteFileAtomically(folder_ / "file", "").ok());

  EXPECT_EQ(ReadFile(folder_ / "file").value(), "");
  EXPECT_EQ(EntriesOfFolder(), 1U);
}

TEST_F(Files, SaysWhatCannotBeReadAndWhy) {
  const auto missing = ReadFile(folder_ / "missing");
  const auto is_folder = ReadFile(folder_);

  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().message,
            "Cannot read " + (folder_ / "missing").string() + ": No such file or directory.");
  ASSERT_FALSE(is_folder.ok());
  EXPECT_NE(is_folder.error().message.find("Is a directory"), std::string::npos);
}

// Reading its first byte fails although opening it works.
TEST_F(Files, DoesNotTakeAReadErrorForAnEmptyFile) {
  EXPECT_FALSE(ReadFile("/proc/self/mem").ok());
}

TEST_F(Files, SaysWhereAFileCannotBeWritten) {
  const Status status = WriteFileAtomically(folder_ / "missing" / "file", "x");

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
}

TEST_F(Files, CreatesFoldersOnceAndAgainButNotOverAFile) {
  EXPECT_TRUE(CreateFolders(folder_ / "a" / "b").ok());
  EXPECT_TRUE(CreateFolders(folder_ / "a" / "b").ok());
  ASSERT_TRUE(WriteFileAtomically(folder_ / "file", "x").ok());

  EXPECT_FALSE(CreateFolders(folder_ / "file" / "b").ok());
}

TEST_F(Files, FindsTheProjectFolderByTheEnvironmentOrFromTheProgram) {
  EXPECT_TRUE(fs::exists(ProjectFolder() / "environments"));

  ::setenv("SCA_HOME", folder_.c_str(), 1);
  EXPECT_EQ(ProjectFolder(), folder_);
  ::unsetenv("SCA_HOME");
}

// Puts a file system of 64 KiB over `folder`, for this process and its children only.
bool MountSmallDisk(const fs::path& folder) {
  const int spaces = CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER);
  return ::unshare(spaces) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("small", folder.c_str(), "tmpfs", 0, "size=64k") == 0;
}

// What is wrong after a write that did not fit; empty if nothing is. Runs in a process of its own.
std::string TroubleOnASmallDisk(const fs::path& folder) {
  if (!MountSmallDisk(folder)) return "no small disk can be mounted in a namespace here";
  const fs::path file = folder / "file";
  if (!WriteFileAtomically(file, "old").ok()) return "the small file was not written";
  const Status status = WriteFileAtomically(file, std::string(1 << 20, 'x'));
  if (status.ok()) return "the large write succeeded";
  if (status.error().code != ErrorCode::kOutOfSpace) return status.error().message;
  if (!status.error().message.starts_with("The disk is full")) return status.error().message;
  if (ReadFile(file).value() != "old") return "the old file is gone";
  if (std::distance(fs::directory_iterator(folder), fs::directory_iterator()) != 1) {
    return "something is left beside the file";
  }
  return "";
}

TEST_F(Files, KeepsTheOldFileOnAFullDiskAndSaysSo) {
  const auto run = [&] {
    const std::string trouble = TroubleOnASmallDisk(folder_);
    std::fprintf(stderr, "trouble: [%s]\n", trouble.c_str());
    std::_Exit(trouble.empty() ? 0 : 1);
  };

  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "trouble: \\[\\]");
}

}  // namespace
}  // namespace sca
