# Waits for a descriptor on the channel; the socket object closes it when it goes.
# ends: raised | protocol_error
import _socket

channel = _socket.socket(1, 1, 0, 3)
channel.recvmsg(16, 64)
