# Aborts its process.
# ends: killed
import os

os.abort()
