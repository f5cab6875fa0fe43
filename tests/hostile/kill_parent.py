# Kills the process it was forked from.
# ends: raised
import os

os.kill(os.getppid(), 9)
