# Has a verdict sent when the interpreter ends, which it never does.
# ends: raised
import atexit
import os

body = b'{"op": "verdict", "outcome": "finished", "passed": true}'
atexit.register(os.write, 3, len(body).to_bytes(4, 'little') + body)
raise SystemExit(0)
