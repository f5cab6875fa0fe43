# Makes a dictionary in which every key meets all others.
# ends: timed_out
{number * ((1 << 61) - 1): None for number in range(1 << 17)}
