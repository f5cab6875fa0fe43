# Starts a program through the module for it.
# ends: raised
import subprocess

subprocess.run(['id'])
