# Says that it has run, and goes on for ever.
# ends: finished | protocol_error | timed_out
# as evaluate: protocol_error
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


send({'op': 'ran', 'turn': 1, 'outcome': 'finished', 'answer': '7'})
while True:
    pass
