# Asks the host, or who listens, for a fork.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'fork', 'kind': 'world', 'seed': 1})
os._exit(0)
