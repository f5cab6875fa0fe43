// One descriptor that travels with bytes over a socket, as the host and sca-zygote pack it.

#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace sca::sandbox {

union DescriptorBuffer {
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
  cmsghdr alignment;
};

// For receiving; `buffer` must live as long as `header`.
inline void MakeRoomForDescriptor(msghdr& header, DescriptorBuffer& buffer) {
  header.msg_control = buffer.bytes.data();
  header.msg_controllen = buffer.bytes.size();
}

// For sending; the descriptor stays open here.
inline void AttachDescriptor(msghdr& header, DescriptorBuffer& buffer, int descriptor) {
  MakeRoomForDescriptor(header, buffer);
  cmsghdr* entry = CMSG_FIRSTHDR(&header);
  entry->cmsg_level = SOL_SOCKET;
  entry->cmsg_type = SCM_RIGHTS;
  entry->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(entry), &descriptor, sizeof(int));
}

// Keeps the last descriptor that was received and closes the others. The room for one is room for
// two, by alignment.
inline void TakeDescriptor(const msghdr& header, int& kept) {
  const cmsghdr* entry = CMSG_FIRSTHDR(&header);
  if (entry == nullptr || entry->cmsg_type != SCM_RIGHTS) return;
  for (std::size_t at = CMSG_LEN(0); at + sizeof(int) <= entry->cmsg_len; at += sizeof(int)) {
    if (kept >= 0) close(kept);
    std::memcpy(&kept, reinterpret_cast<const char*>(entry) + at, sizeof(int));
  }
}

}  // namespace sca::sandbox
