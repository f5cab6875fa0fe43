# Opens process 1 as a descriptor.
# ends: raised
import os

os.pidfd_open(1)
