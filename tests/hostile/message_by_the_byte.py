# Sends a message so slowly that it never ends.
# ends: timed_out
import os
import time

os.write(3, (1 << 20).to_bytes(4, 'little'))
while True:
    os.write(3, b'{')
    time.sleep(0.01)
