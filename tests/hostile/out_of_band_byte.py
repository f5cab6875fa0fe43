# Sends an urgent byte, which the host's end is told of and cannot read.
# ends: raised
import _socket

channel = _socket.socket(1, 1, 0, 3)
try:
    channel.send(b'x', 1)
finally:
    channel.detach()
while True:
    pass
