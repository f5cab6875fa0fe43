# Sends a result through the sandbox's own sender, and then gives another.
# ends: finished | protocol_error
# as evaluate: protocol_error
import _sca

_sca.send({"op": "ran", "turn": 1, "outcome": "finished", "answer": "7"})
