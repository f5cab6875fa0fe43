# Says an error of megabytes where only a verifier may.
# ends: protocol_error
# as evaluate: raised
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'verdict', 'outcome': 'raised', 'error': 'x' * (7 << 20)})
os._exit(0)
