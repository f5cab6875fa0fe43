# Source text of a million sums.
# ends: raised | killed | out_of_memory
eval('+'.join(['1'] * 10 ** 6))
