# Sends eight megabytes that take many times as much of the host's memory.
# ends: protocol_error
import os

body = b'{"op": "ran", "turn": [' + b'{},' * 2_700_000 + b'1]}'
os.write(3, len(body).to_bytes(4, 'little') + body)
os._exit(0)
