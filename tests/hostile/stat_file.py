# Learns whether a file exists.
# ends: raised
import os

os.stat('/etc/passwd')
