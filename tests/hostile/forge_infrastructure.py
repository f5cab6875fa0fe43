# Pleads trouble of the host, so as to be run again.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': 1, 'outcome': 'infrastructure'})
os._exit(0)
