# A regular expression that backtracks for ever.
# ends: timed_out
import re

re.match('(a+)+$', 'a' * 40 + 'b')
