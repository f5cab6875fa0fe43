# Prints variables that may hold a secret; there are none but settings of the C library.
# ends: finished
import os

names = set(os.environ) - {'TZ', 'GLIBC_TUNABLES', 'LD_BIND_NOW', 'LC_CTYPE'}
if names:
    raise SystemError(str(names))
