# Leaves an answer that is yet to be computed, and never ends.
# ends: finished
import itertools

answer = (number for number in itertools.count())
