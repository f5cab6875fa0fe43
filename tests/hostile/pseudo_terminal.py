# Makes a terminal.
# ends: raised
import os

os.openpty()
