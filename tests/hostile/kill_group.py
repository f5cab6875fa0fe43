# Kills its group, with the host in it.
# ends: raised
import os

os.killpg(0, 9)
