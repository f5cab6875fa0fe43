# Copies the channel's descriptor in the usual way.
# ends: raised
import os

os.dup(3)
