# Looks for descriptors that were left open.
# ends: raised
import os

for number in range(4, 256):
    try:
        os.fstat(number)
    except OSError:
        continue
    print(number)
    raise SystemError
raise ValueError('none')
