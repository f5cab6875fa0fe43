# Asks the C library for a shell; its refusal is a status, not an exception.
# ends: raised
import os

if os.system('id') != 0:
    raise ValueError('no shell')
