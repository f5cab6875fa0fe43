# Answers as a world would.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'result', 'ok': True, 'value': '42'})
