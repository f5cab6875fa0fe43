# Says that it printed far more than it may.
# ends: output_exceeded | protocol_error
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': 1, 'outcome': 'finished', 'output': 'x' * (7 << 20), 'answer': '7'})
