# Makes a device file for the first disk.
# ends: raised
import os

os.mknod('disk', 0o60600, os.makedev(8, 0))
