# Calls a tool with two values for one argument.
# ends: finished | protocol_error
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'call', 'tool': 'echo', 'arguments': '{"value": 1, "value": [2]}'})
