# Leaves its session, so as not to be found by its group.
# ends: raised
import os

os.setsid()
