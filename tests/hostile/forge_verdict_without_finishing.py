# Sends a verdict with an outcome that gives none.
# ends: protocol_error
# as evaluate: raised
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'verdict', 'outcome': 'raised', 'passed': True})
os._exit(0)
