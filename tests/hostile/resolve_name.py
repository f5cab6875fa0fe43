# Looks a name up in the network.
# ends: raised
import _socket

_socket.getaddrinfo('example.com', 80)
