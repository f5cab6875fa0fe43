# Sends half a message, and waits.
# ends: timed_out
import os

os.write(3, b'\x09\0\0\0{"op": 1')
while True:
    pass
