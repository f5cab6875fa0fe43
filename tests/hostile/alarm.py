# Sets an alarm and a handler for it, for a later turn.
# ends: finished
import _signal

_signal.signal(_signal.SIGALRM, lambda *_: 1 / 0)
_signal.alarm(1)
