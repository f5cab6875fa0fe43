# Kills whatever process descriptor 3 may be.
# ends: raised
import signal

signal.pidfd_send_signal(3, 9)
