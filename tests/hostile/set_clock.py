# Sets the clock of the machine; no honest program does, so it is killed.
# ends: killed | raised
import time

time.clock_settime(time.CLOCK_REALTIME, 0.0)
