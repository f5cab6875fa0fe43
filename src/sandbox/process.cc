#include "sandbox/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "sandbox/json_depth.h"
#include "sandbox/passed_descriptor.h"

namespace sca::sandbox {
namespace {

constexpr std::size_t kFrameBytesMax = std::size_t{8} << 20;

int MillisecondsUntil(Deadline deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

}  // namespace

Channel::~Channel() { Close(); }

Channel::Channel(Channel&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Channel& Channel::operator=(Channel&& other) noexcept {
  if (this != &other) {
    Close();
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void Channel::Close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Result<std::pair<Channel, int>> Channel::MakePair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return Error{ErrorCode::kUnavailable, std::string("No socket pair can be made: ") +
                                              std::strerror(errno) +
                                              ". Are too many files open (ulimit -n)?"};
  }
  return std::pair<Channel, int>(Channel(ends[0]), ends[1]);
}

bool Channel::Send(const Json& message, Deadline deadline, int passed) {
  if (descriptor_ < 0) return false;
  const std::string body = DumpJson(message);
  const auto length = static_cast<std::uint32_t>(body.size());
  std::string frame(sizeof(length), '\0');
  std::memcpy(frame.data(), &length, sizeof(length));
  frame += body;

  std::size_t sent = 0;
  while (sent < frame.size()) {
    iovec part{frame.data() + sent, frame.size() - sent};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    DescriptorBuffer control{};
    if (passed >= 0 && sent == 0) AttachDescriptor(header, control, passed);
    const ssize_t count = ::sendmsg(descriptor_, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      // Whoever does not read what it asked for must not hold this thread.
      pollfd poll_entry{descriptor_, POLLOUT, 0};
      if (::poll(&poll_entry, 1, MillisecondsUntil(deadline)) != 0) continue;
      return false;
    }
    if (count < 0) return false;
    sent += static_cast<std::size_t>(count);
  }
  return true;
}

int Channel::ReceiveExactly(char* bytes, std::size_t count, Deadline deadline, int* passed) {
  std::size_t received = 0;
  while (received < count) {
    pollfd poll_entry{descriptor_, POLLIN, 0};
    const int ready = ::poll(&poll_entry, 1, MillisecondsUntil(deadline));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return -1;
    iovec part{bytes + received, count - received};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    DescriptorBuffer control{};
    if (passed != nullptr) MakeRoomForDescriptor(header, control);
    // Ready need not mean that there is something to read: an urgent byte is no part of the stream.
    const ssize_t got = ::recvmsg(descriptor_, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
      if (std::chrono::steady_clock::now() >= deadline) return -1;
      continue;
    }
    if (got <= 0) return 0;
    if (passed != nullptr) TakeDescriptor(header, *passed);
    received += static_cast<std::size_t>(got);
  }
  return 1;
}

Frame Channel::Receive(Deadline deadline) {
  Frame frame;
  if (descriptor_ < 0) return frame;
  const auto status_of = [](int result) {
    return result == 0 ? FrameStatus::kEnded : FrameStatus::kTimedOut;
  };
  std::uint32_t length = 0;
  const int head =
      ReceiveExactly(reinterpret_cast<char*>(&length), sizeof(length), deadline, &frame.descriptor);
  if (head != 1) {
    frame.status = status_of(head);
    return frame;
  }
  if (length > kFrameBytesMax) {
    frame.status = FrameStatus::kNonsense;
    return frame;
  }
  std::string body(length, '\0');
  const int rest = ReceiveExactly(body.data(), body.size(), deadline, nullptr);
  if (rest != 1) {
    frame.status = status_of(rest);
    return frame;
  }
  if (!IsShallowJson(body)) {
    frame.status = FrameStatus::kNonsense;
    return frame;
  }
  auto message = ParseJson(body, "A frame");
  if (!message.ok() || !message->is_object()) {
    frame.status = FrameStatus::kNonsense;
    return frame;
  }
  frame.message = std::move(message).value();
  frame.status = FrameStatus::kFrame;
  return frame;
}

Process::~Process() { Kill(); }

Process::Process(Process&& other) noexcept
    : channel_(std::move(other.channel_)),
      pid_descriptor_(std::exchange(other.pid_descriptor_, -1)),
      pid_(other.pid_),
      launch_(other.launch_) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    Kill();
    channel_ = std::move(other.channel_);
    pid_descriptor_ = std::exchange(other.pid_descriptor_, -1);
    pid_ = other.pid_;
    launch_ = other.launch_;
  }
  return *this;
}

void Process::Kill() {
  channel_.Close();
  if (pid_descriptor_ < 0) return;
  ::syscall(SYS_pidfd_send_signal, pid_descriptor_, SIGKILL, nullptr, 0);
  ::close(pid_descriptor_);
  pid_descriptor_ = -1;
}

bool Process::WaitForEnd(Deadline deadline) const {
  while (pid_descriptor_ >= 0) {
    pollfd poll_entry{pid_descriptor_, POLLIN, 0};
    const int ready = ::poll(&poll_entry, 1, MillisecondsUntil(deadline));
    if (ready >= 0) return ready > 0;
  }
  return true;
}

Result<Process> Process::ForkFrom(Channel& parent, const Json& request, Deadline deadline) {
  auto [channel, other_end] = SCA_TRY(Channel::MakePair());
  const bool sent = parent.Send(request, deadline, other_end);
  ::close(other_end);
  const Frame reply = sent ? parent.Receive(deadline) : Frame{};
  if (reply.status != FrameStatus::kFrame || reply.descriptor < 0) {
    if (reply.descriptor >= 0) ::close(reply.descriptor);
    return Error{ErrorCode::kUnavailable, "A sandbox process does not answer any more."};
  }
  return Process(std::move(channel), reply.descriptor,
                 static_cast<int>(GetIntegerOr(reply.message, "pid", 0)));
}

Ending EndingOf(int wait_status) {
  if (WIFEXITED(wait_status)) {
    return {Outcome::kProtocolError,
            fmt::format("The code ended its own process (exit code {}) without a result.",
                        WEXITSTATUS(wait_status))};
  }
  const int number = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0;
  switch (number) {
    case SIGSYS:
      return {Outcome::kKilled, "The code made a system call that is not allowed."};
    case SIGKILL:
      return {Outcome::kOutOfMemory, "The system killed the process, most likely for its memory."};
    case SIGXCPU:
      return {Outcome::kTimedOut, "The code used up its processor time."};
    default:
      return {Outcome::kKilled, fmt::format("The process crashed (signal {}).", number)};
  }
}

std::optional<Ending> Bury(Process& child) {
  constexpr std::chrono::milliseconds kDyingTime{200};
  const bool ended = child.WaitForEnd(std::chrono::steady_clock::now() + kDyingTime);
  child.Kill();
  if (ended) return std::nullopt;
  return Ending{Outcome::kProtocolError, "The code closed the channel of its process."};
}

Ending EndingFrom(Channel& parent, int pid) {
  constexpr std::chrono::seconds kAnswerTime{10};
  const Deadline deadline = std::chrono::steady_clock::now() + kAnswerTime;
  const bool asked = parent.Send({{"op", "status"}, {"pid", pid}}, deadline);
  const Frame reply = asked ? parent.Receive(deadline) : Frame{};
  const auto status = GetIntegerOr(reply.message, "status", -1);
  if (status < 0) return {Outcome::kInfrastructure, "The process that it was forked from died."};
  return EndingOf(static_cast<int>(status));
}

}  // namespace sca::sandbox
