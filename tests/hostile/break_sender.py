# Replaces what sends results, so that its next turn gives none.
# ends: finished | timed_out
import sca.messages

sca.messages.send = lambda *_: None
