# Has a signal sent again and again.
# ends: raised
import _signal

_signal.signal(_signal.SIGALRM, lambda *_: 1 / 0)
_signal.setitimer(0, 0.001, 0.001)
