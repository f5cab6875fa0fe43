# Puts other makers of JSON in the place of the sandbox's own.
# ends: raised
import _sca

_sca.use_json(lambda *_: ({"op": "run"}, 1), lambda *_: ["[1e999, NaN"], lambda text: "}", id)
