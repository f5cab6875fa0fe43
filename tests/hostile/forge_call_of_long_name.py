# Calls a tool whose name grows when it is told that there is none.
# ends: finished | protocol_error
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'call', 'tool': '\x01' * 1_390_000, 'arguments': '{}'})
