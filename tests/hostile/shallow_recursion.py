# Leaves the sandbox too little depth to work with.
# ends: finished | raised | protocol_error
import sys

for depth in range(5, 40):
    try:
        sys.setrecursionlimit(depth)
        break
    except RecursionError:
        pass
