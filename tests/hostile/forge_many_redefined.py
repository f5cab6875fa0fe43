# Says that it redefined a million tools.
# ends: finished | protocol_error
# as evaluate: protocol_error
import os

body = (b'{"op": "ran", "turn": 1, "outcome": "finished", "redefined": ["tool"'
        + b',"tool"' * 1_000_000 + b']}')
os.write(3, len(body).to_bytes(4, 'little') + body)
os._exit(0)
