# Asks to be root.
# ends: raised
import os

os.setuid(0)
