# Calls a tool with text that is none, past its stubs.
# ends: finished | protocol_error
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'call', 'tool': 'echo', 'arguments': '{"value": "\\ud800"}'})
send({'op': 'call', 'tool': 'echo', 'arguments': '{"value": 1e999}'})
send({'op': 'call', 'tool': 'echo', 'arguments': '{"value": -Infinity}'})
