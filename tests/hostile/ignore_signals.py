# Ignores all signals it can, and never ends.
# ends: timed_out
import _signal as signal

for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass
while True:
    pass
