# Computes a number that never ends in one instruction.
# ends: timed_out | out_of_memory
9 ** 10 ** 9
