# Sends an empty object.
# ends: protocol_error
import os

os.write(3, b'\x02\0\0\0{}')
