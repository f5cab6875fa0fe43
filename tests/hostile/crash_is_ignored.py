# Catches the signal of a crash, and crashes.
# ends: timed_out | raised | killed | protocol_error
import _signal

_signal.signal(11, lambda *_: None)
_signal.signal(7, lambda *_: None)
f = lambda: 0
f.__code__ = f.__code__.replace(co_code=b'\x64\xff\x53\0', co_consts=())
f()
