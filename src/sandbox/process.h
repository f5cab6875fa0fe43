// A confined process and the socket to it: frames of JSON, a wall clock, an end.

#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "sandbox/outcome.h"

namespace sca::sandbox {

using Deadline = std::chrono::steady_clock::time_point;

enum class FrameStatus {
  kFrame,
  kEnded,     // The other side has closed: it is dead, or was killed.
  kTimedOut,  // Nothing whole came before the deadline.
  kNonsense,  // Too long, nested too deep, or not a JSON object.
};

struct Frame {
  FrameStatus status = FrameStatus::kEnded;
  Json message;
  int descriptor = -1;  // One that came with it, owned by the caller; -1: none.
};

// A socket that carries frames: four bytes of length, little endian, then a JSON object. The other
// side is not trusted: lengths are capped before memory is taken. One thread at a time.
class Channel {
 public:
  Channel() = default;
  explicit Channel(int descriptor) : descriptor_(descriptor) {}
  ~Channel();
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&& other) noexcept;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // A connected pair; the second end is to be given away.
  static Result<std::pair<Channel, int>> MakePair();

  // `passed` is sent along and stays open here. False if the other side has gone, or does not take
  // the whole message before the deadline.
  bool Send(const Json& message, Deadline deadline, int passed = -1);
  Frame Receive(Deadline deadline);

  bool open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  void Close();

 private:
  // 1: all bytes came; 0: end; -1: deadline.
  int ReceiveExactly(char* bytes, std::size_t count, Deadline deadline, int* passed);

  int descriptor_ = -1;
};

// A child of a zygote or a world, killed when this is destroyed.
class Process {
 public:
  Process() = default;
  Process(Channel channel, int pid_descriptor, int pid)
      : channel_(std::move(channel)), pid_descriptor_(pid_descriptor), pid_(pid) {}
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  Channel& channel() { return channel_; }
  bool running() const { return channel_.open(); }
  int pid() const { return pid_; }  // As its parent counts; the parent can tell how it ended.
  // Which start of its zygote it comes of: the next one's children may have the same numbers.
  int launch() const { return launch_; }
  void set_launch(int launch) { launch_ = launch; }

  // True once the process has ended; waits for it until the deadline.
  bool WaitForEnd(Deadline deadline) const;

  // SIGKILL through the pid descriptor: it hits this process and no other.
  void Kill();

  // Asks whoever sits at the end of `parent` to fork a child for `request`: a socket is passed
  // along, a pid descriptor comes back. kUnavailable if the parent does not answer in time.
  static Result<Process> ForkFrom(Channel& parent, const Json& request, Deadline deadline);

 private:
  Channel channel_;
  int pid_descriptor_ = -1;
  int pid_ = 0;
  int launch_ = 0;
};

// How a process ended that gave no result.
struct Ending {
  Outcome outcome = Outcome::kProtocolError;
  std::string detail;  // A sentence, for the one who wrote the code.
};

Ending EndingOf(int wait_status);

// Gives a silent child a moment to be dead, and kills it. Its ending, if it had to be killed.
std::optional<Ending> Bury(Process& child);

// Asks the parent how a child ended; kInfrastructure if it cannot tell.
Ending EndingFrom(Channel& parent, int pid);

}  // namespace sca::sandbox
