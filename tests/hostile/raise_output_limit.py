# Lifts the limit of what it may print where the sandbox keeps it.
# ends: output_exceeded | protocol_error
# as evaluate: finished
import sys

sys.stdout.left = 1 << 40
for _ in range(1000):
    print('x' * 4096)
