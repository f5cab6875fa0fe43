// The channel of sca-zygote and its children to the host (descriptor 3), and the forks asked for
// on it. sandbox/process.h is its other end, and has the form of a frame.
//
// A process whose host has gone ends in here.

#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace sca::sandbox {

// A frame so small lies on the stack and goes at once: as most are, and each page of the stack that
// a child writes is copied for it as well.
constexpr std::size_t kSmallFrameBytes = 2048;

// A frame that has come. A small one lies in here, on the stack, which is written anyway: a page of
// the heap would be copied for each child.
class ReceivedFrame {
 public:
  // Makes room for `length` bytes, and gives it.
  char* Resize(std::size_t length);
  std::string_view body() const;

 private:
  std::size_t length_ = 0;
  std::array<char, kSmallFrameBytes> small_;  // As it comes: clearing it would write it all.
  std::string large_;
};

// The next frame. Takes no descriptors: code of a model may not call recvmsg.
void ReceiveFrame(ReceivedFrame& frame);

// False if `body` is too long for one frame.
bool SendFrame(std::string_view body);

// For trusted processes: waits for requests and forks a child for each that comes with a socket,
// which becomes the child's channel; the host gets its pid and a descriptor of it. True in such a
// child. False for a request without a socket, which is the caller's to answer.
//
// All of this is done here and not in Python because each page that the parent writes after a fork
// is copied.
bool AwaitRequest(ReceivedFrame& frame);

// The wait status of a child of this process, -1 if there is none. Waits until it has ended.
int StatusOf(int pid);

}  // namespace sca::sandbox
