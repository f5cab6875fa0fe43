# Makes a socket to the host of a virtual machine.
# ends: raised
import _socket

_socket.socket(40, 1)
