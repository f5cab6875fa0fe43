# Asks for another root; no honest program does, so it is killed.
# ends: killed
import os

os.chroot('/')
