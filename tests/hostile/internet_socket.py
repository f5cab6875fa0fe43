# Makes a socket to the internet.
# ends: raised
import _socket

_socket.socket()
