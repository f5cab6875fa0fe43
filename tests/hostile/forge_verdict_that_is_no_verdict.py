# Sends a verdict that is neither true nor false.
# ends: protocol_error
# as evaluate: finished
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'verdict', 'outcome': 'finished', 'passed': 1})
os._exit(0)
