# Lifts the limit of digits, and makes a huge number into text.
# ends: timed_out
import sys

sys.set_int_max_str_digits(0)
str(1 << (1 << 25))
