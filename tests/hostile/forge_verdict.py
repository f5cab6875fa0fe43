# Sends a verdict where only a verifier may.
# ends: protocol_error
# as evaluate: not run: it may say so by returning it
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'verdict', 'outcome': 'finished', 'passed': True, 'calls': []})
os._exit(0)
