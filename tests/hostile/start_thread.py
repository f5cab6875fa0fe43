# Starts a thread that outlives the code.
# ends: raised
import _thread
import time

_thread.start_new_thread(time.sleep, (60,))
