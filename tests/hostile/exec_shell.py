# Becomes a shell.
# ends: raised
import os

os.execv('/bin/sh', ['sh'])
