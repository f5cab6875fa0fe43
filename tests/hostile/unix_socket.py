# Makes a socket to a service of the machine.
# ends: raised
import _socket

_socket.socket(_socket.AF_UNIX)
