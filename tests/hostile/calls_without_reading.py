# Calls a tool again and again, and reads no result.
# ends: timed_out | output_exceeded
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


while True:
    send({'op': 'call', 'tool': 'repeat', 'arguments': '{"text": "x", "times": 1000000}'})
