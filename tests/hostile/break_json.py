# Breaks the parser that messages go through.
# ends: finished | protocol_error
import json

json.JSONDecoder.decode = None
json.loads = None
