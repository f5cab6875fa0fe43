# Calls a tool with a state of its own.
# ends: finished | protocol_error
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'call', 'tool': 'peek', 'arguments': '{"state": {"secret": 42, "log": []}}'})
send({'op': 'call', 'tool': 'peek', 'arguments': '{"self": 1, "**": {"state": 1}}'})
