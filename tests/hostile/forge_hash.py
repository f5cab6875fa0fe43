# Tells a hash of the state.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'hash', 'value': '0' * 64})
os._exit(0)
