# Claims eight megabytes, and sends none.
# ends: timed_out
import os

os.write(3, (8 << 20).to_bytes(4, 'little'))
while True:
    pass
