#include "sandbox/zygote_channel.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "sandbox/passed_descriptor.h"
#include "sandbox/zygote_confine.h"
#include "sandbox/zygote_nursery.h"

namespace sca::sandbox {
namespace {

constexpr int kChannel = 3;
constexpr std::size_t kSentBytesMax = std::size_t{8} << 20;  // As many as the host takes.
// What the host hands on of a frame may have grown: it is text within text.
constexpr std::uint32_t kReceivedBytesMax = std::uint32_t{64} << 20;

// The latest children that have ended; the host asks soon or never.
struct Ended {
  pid_t pid = 0;
  int status = 0;
};
std::array<Ended, 1024> ended_children;
std::size_t ended_count = 0;

// `passed`, if not null, is where a descriptor goes that came along.
void ReadFromHost(char* bytes, std::size_t count, int* passed) {
  std::size_t received = 0;
  while (received < count) {
    ssize_t got = 0;
    if (passed == nullptr) {
      got = recv(kChannel, bytes + received, count - received, 0);
    } else {
      iovec part{bytes + received, count - received};
      DescriptorBuffer control{};
      msghdr header{};
      header.msg_iov = &part;
      header.msg_iovlen = 1;
      MakeRoomForDescriptor(header, control);
      got = recvmsg(kChannel, &header, MSG_CMSG_CLOEXEC);
      if (got > 0) TakeDescriptor(header, *passed);
    }
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(0);
    received += static_cast<std::size_t>(got);
  }
}

std::uint32_t ReceiveLength(int* passed) {
  std::uint32_t length = 0;
  ReadFromHost(reinterpret_cast<char*>(&length), sizeof(length), passed);
  if (length > kReceivedBytesMax) _exit(4);
  return length;
}

void SendBytes(const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t sent = send(kChannel, bytes, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) _exit(0);
    bytes += sent;
    count -= static_cast<std::size_t>(sent);
  }
}

// A child's pid and, if it is there, a descriptor of it: one small frame, sent as a whole.
void TellChild(pid_t child, int descriptor) {
  std::array<char, 64> frame{};
  constexpr std::size_t kHead = sizeof(std::uint32_t);
  const int count = std::snprintf(frame.data() + kHead, frame.size() - kHead,
                                  R"({"op":"forked","pid":%d})", child);
  const auto length = static_cast<std::uint32_t>(count);
  std::memcpy(frame.data(), &length, kHead);
  iovec part{frame.data(), kHead + length};
  DescriptorBuffer control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (descriptor >= 0) AttachDescriptor(header, control, descriptor);
  while (sendmsg(kChannel, &header, MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) _exit(0);
  }
}

void Reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    ended_children[ended_count++ % ended_children.size()] = {pid, status};
  }
}

// The latest child of this number that has ended; null if there is none.
Ended* FindEnded(pid_t pid) {
  const auto end = ended_children.begin() + std::min(ended_count, ended_children.size());
  const auto found =
      std::find_if(ended_children.begin(), end, [&](const Ended& one) { return one.pid == pid; });
  return found == end ? nullptr : &*found;
}

// True in the child. The hooks of CPython and of the C library are left out: with one thread they
// have nothing to mend; CPython's reseed `random` and cost a third of the fork.
bool ForkChild(int channel) {
  const auto self = static_cast<int>(syscall(SYS_getpid));
  const pid_t child = _Fork();
  if (child == 0) {
    if (!BecomeChild(channel, self)) _exit(3);
    BeginNursery();
    return true;
  }
  close(channel);
  if (Ended* before = child > 0 ? FindEnded(child) : nullptr; before != nullptr) {
    before->pid = 0;  // Numbers of processes come again.
  }
  const int descriptor = child > 0 ? static_cast<int>(syscall(SYS_pidfd_open, child, 0)) : -1;
  TellChild(child, descriptor);
  if (descriptor >= 0) close(descriptor);
  return false;
}

}  // namespace

char* ReceivedFrame::Resize(std::size_t length) {
  length_ = length;
  if (length <= small_.size()) return small_.data();
  large_.resize(length);
  return large_.data();
}

std::string_view ReceivedFrame::body() const {
  return {length_ <= small_.size() ? small_.data() : large_.data(), length_};
}

void ReceiveFrame(ReceivedFrame& frame) {
  const std::uint32_t length = ReceiveLength(nullptr);
  ReadFromHost(frame.Resize(length), length, nullptr);
}

bool SendFrame(std::string_view body) {
  if (body.size() > kSentBytesMax) return false;
  const auto length = static_cast<std::uint32_t>(body.size());
  std::array<char, kSmallFrameBytes> frame;  // Not cleared: that would write it all.
  std::memcpy(frame.data(), &length, sizeof(length));
  // A small frame goes at once. A large one is not copied: there may be no memory left for it.
  const bool small = sizeof(length) + body.size() <= frame.size();
  if (small) body.copy(frame.data() + sizeof(length), body.size());
  SendBytes(frame.data(), sizeof(length) + (small ? body.size() : 0));
  if (!small) SendBytes(body.data(), body.size());
  return true;
}

bool AwaitRequest(ReceivedFrame& frame) {
  while (true) {
    int channel = -1;
    const std::uint32_t length = ReceiveLength(&channel);
    ReadFromHost(frame.Resize(length), length, nullptr);
    Reap();
    if (channel < 0) return false;
    if (ForkChild(channel)) return true;
  }
}

int StatusOf(int pid) {
  if (const Ended* ended = FindEnded(pid); ended != nullptr) return ended->status;
  int status = -1;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

}  // namespace sca::sandbox
