# Ends the interpreter.
# ends: raised
import sys

sys.exit(0)
