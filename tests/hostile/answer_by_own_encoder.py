# Leaves an answer that is no JSON, past the check.
# ends: finished
import sca.messages

answer = 1
sca.messages.to_json = lambda value: '[1e999, NaN'
