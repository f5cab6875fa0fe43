# Sums an iterator that never ends, inside C.
# ends: timed_out
sum(iter(int, 1))
