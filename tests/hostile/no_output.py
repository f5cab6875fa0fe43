# Takes its standard output away, and raises.
# ends: raised
import sys

sys.stdout = None
raise ValueError
