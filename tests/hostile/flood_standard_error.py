# Writes without end past what is counted.
# ends: timed_out
import os

while True:
    os.write(1, b'x' * 65536)
    os.write(2, b'x' * 65536)
