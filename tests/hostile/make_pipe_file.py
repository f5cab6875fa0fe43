# Makes a named pipe.
# ends: raised
import os

os.mkfifo('/tmp/sca_hostile_pipe')
