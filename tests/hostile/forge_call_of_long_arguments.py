# Calls a tool with arguments that grow each time they are written as text.
# ends: finished | protocol_error
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'call', 'tool': 'echo', 'arguments': '{"value": "' + '\\"' * 2_090_000 + '"}'})
