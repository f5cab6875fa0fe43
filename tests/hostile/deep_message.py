# Sends a message that is nested far too deep.
# ends: protocol_error
import os

body = b'{"op": ' + b'[' * 50000 + b']' * 50000 + b'}'
os.write(3, len(body).to_bytes(4, 'little') + body)
os._exit(0)
