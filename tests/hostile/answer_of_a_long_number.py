# Leaves an answer of four thousand digits.
# ends: finished
answer = 10 ** 4000
