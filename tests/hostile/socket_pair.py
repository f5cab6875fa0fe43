# Makes a pair of sockets.
# ends: raised
import _socket

_socket.socketpair()
