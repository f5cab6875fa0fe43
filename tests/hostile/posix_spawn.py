# Starts a program without a fork of its own.
# ends: raised
import os

os.posix_spawn('/bin/true', ['true'], {})
