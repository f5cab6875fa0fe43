# Sends a message of no bytes.
# ends: protocol_error
import os

os.write(3, bytes(4))
os._exit(0)
