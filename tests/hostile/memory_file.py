# Makes a file in memory, to run it or to escape size limits.
# ends: raised
import os

os.memfd_create('x')
