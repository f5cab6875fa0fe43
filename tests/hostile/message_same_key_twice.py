# Sends a message that says two things under one name.
# ends: finished | protocol_error
# as evaluate: protocol_error
import os

body = (b'{"op": "call", "op": "ran", "turn": 9, "turn": 1, "outcome": "killed",'
        b' "outcome": "finished", "answer": "7", "answer": "8"}')
os.write(3, len(body).to_bytes(4, 'little') + body)
