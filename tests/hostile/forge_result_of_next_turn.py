# Says in advance what the next turn will give.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': 99, 'outcome': 'finished', 'answer': '7'})
