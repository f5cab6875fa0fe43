# Makes a pipe.
# ends: raised
import os

os.pipe()
