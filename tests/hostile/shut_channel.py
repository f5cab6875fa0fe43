# Shuts the channel down; the socket object closes it when it goes.
# ends: raised | protocol_error
import _socket

_socket.socket(1, 1, 0, 3).shutdown(2)
