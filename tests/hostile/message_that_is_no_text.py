# Sends bytes that are no UTF-8.
# ends: protocol_error
import os

os.write(3, b'\x0a\0\0\0{"op":"\xff\xfe"')
os._exit(0)
