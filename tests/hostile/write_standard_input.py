# Writes where others read from.
# ends: raised
import os

os.write(0, b'x')
