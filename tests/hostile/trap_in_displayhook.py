# Leaves hooks for whatever is shown, raised or not raisable.
# ends: raised
import os
import sys

sys.displayhook = sys.excepthook = sys.unraisablehook = lambda *_: os._exit(0)
1 / 0
