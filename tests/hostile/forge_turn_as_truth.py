# Says that the turn is True, which equals 1.
# ends: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': True, 'outcome': 'finished', 'answer': '7'})
send({'op': 'ran', 'turn': 1.0, 'outcome': 'finished', 'answer': '7'})
os._exit(0)
