// Fuzz target of the channel: whatever bytes come, receiving ends, and what is a message is one
// again after it was sent on.
//
// libFuzzer calls this (preset `fuzz`), and channel_fuzz_test.cc with the files of
// tests/fuzz/channel/. The lowest two bits of the first byte say how many descriptors come along;
// the rest is what the other side sends.

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>

#include "base/check.h"
#include "sandbox/process.h"

namespace sca::sandbox {
namespace {

constexpr std::size_t kBytesMax = std::size_t{64} << 10;  // Fits into a socket's buffer.
constexpr std::size_t kDescriptorsMax = 3;
constexpr int kPassed = STDIN_FILENO;

Deadline InTenSeconds() { return std::chrono::steady_clock::now() + std::chrono::seconds(10); }

// Sends all of `bytes`, and copies of the standard input with them. A copy of `target` would keep
// its own channel open, and whoever receives half a message would wait until the deadline.
void SendRaw(int target, const std::uint8_t* bytes, std::size_t count, std::size_t descriptors) {
  iovec part{const_cast<std::uint8_t*>(bytes), count};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptorsMax * sizeof(int))> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (descriptors > 0) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors * sizeof(int));
    cmsghdr* entry = CMSG_FIRSTHDR(&header);
    entry->cmsg_level = SOL_SOCKET;
    entry->cmsg_type = SCM_RIGHTS;
    entry->cmsg_len = CMSG_LEN(descriptors * sizeof(int));
    for (std::size_t i = 0; i < descriptors; ++i) {
      std::memcpy(CMSG_DATA(entry) + i * sizeof(int), &kPassed, sizeof(int));
    }
  }
  SCA_CHECK(::sendmsg(target, &header, MSG_NOSIGNAL) == static_cast<ssize_t>(count));
}

void SendOnAndCompare(const Json& message) {
  auto [near, other] = Channel::MakePair().value();
  Channel far(other);
  // A message that its own size keeps from being read in one piece is none of this test's.
  if (DumpJson(message).size() > kBytesMax) return;
  SCA_CHECK(near.Send(message, InTenSeconds()));
  const Frame frame = far.Receive(InTenSeconds());
  SCA_CHECK(frame.status == FrameStatus::kFrame);
  SCA_CHECK(DumpJson(frame.message) == DumpJson(message));
}

}  // namespace
}  // namespace sca::sandbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  using namespace sca::sandbox;
  if (count < 2 || count > kBytesMax) return 0;
  auto [near, other] = Channel::MakePair().value();
  SendRaw(other, bytes + 1, count - 1, bytes[0] % (kDescriptorsMax + 1));
  ::close(other);
  FrameStatus status = FrameStatus::kFrame;
  while (status == FrameStatus::kFrame) {
    const Frame frame = near.Receive(InTenSeconds());
    status = frame.status;
    if (frame.descriptor >= 0) ::close(frame.descriptor);
    if (status == FrameStatus::kFrame) SendOnAndCompare(frame.message);
  }
  return 0;
}
