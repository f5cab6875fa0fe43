# Tells of calls that are none, where only a verifier may.
# ends: protocol_error
# as evaluate: finished
import json
import os


def send(message):
    body = json.dumps(message).encode()
    os.write(3, len(body).to_bytes(4, 'little') + body)


calls = [7, None, {'tool': 7}, {'tool': 'peek', 'arguments': 'NaN', 'value': '{'}] * 1000
send({'op': 'verdict', 'outcome': 'finished', 'passed': None, 'calls': calls})
os._exit(0)
