# Sends a result when its objects go.
# ends: raised | protocol_error
# as evaluate: raised | protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


class Last:
    def __del__(self):
        send({'op': 'ran', 'turn': 2, 'outcome': 'finished', 'answer': '42'})


loop = [Last()]
loop.append(loop)
raise ValueError
