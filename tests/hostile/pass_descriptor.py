# Hands its standard input to the host; the socket object closes the channel when it goes.
# ends: raised | protocol_error
import _socket
import array

channel = _socket.socket(1, 1, 0, 3)
channel.sendmsg([b'x'], [(1, 1, array.array('i', [0]))])
