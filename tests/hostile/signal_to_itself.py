# Sends itself a signal.
# ends: raised
import _signal

_signal.raise_signal(_signal.SIGUSR1)
