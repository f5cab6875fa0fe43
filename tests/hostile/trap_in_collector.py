# Ends its process when memory is next collected.
# ends: finished | protocol_error
import gc
import os

gc.callbacks.append(lambda *_: os._exit(0))
gc.set_threshold(1)
