# Says an error of megabytes, for the model to read.
# ends: raised | protocol_error
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': 1, 'outcome': 'raised', 'error': 'x' * (7 << 20)})
os._exit(0)
