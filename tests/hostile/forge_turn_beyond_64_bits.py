# Says a turn that is right but for the bits that do not fit.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': (1 << 64) + 1, 'outcome': 'finished', 'answer': '7'})
os._exit(0)
