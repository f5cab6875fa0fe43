# Says an outcome that is no text, and an answer that is none.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': 1, 'outcome': ['finished'], 'answer': 7, 'output': {}, 'error': None})
os._exit(0)
