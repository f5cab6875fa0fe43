# Sends messages faster than the host takes them.
# ends: output_exceeded | timed_out | protocol_error
# as evaluate: protocol_error
import os

body = b'{"op": "call", "tool": "x", "arguments": "{}"}'
while True:
    os.write(3, len(body).to_bytes(4, 'little') + body)
