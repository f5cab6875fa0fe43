# Sends a number that JSON has not.
# ends: protocol_error
import os

os.write(3, b'\x09\0\0\0{"op":NaN')
os._exit(0)
