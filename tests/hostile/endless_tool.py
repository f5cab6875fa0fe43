# Has a tool work for ever.
# ends: timed_out
count_to(10 ** 12)
