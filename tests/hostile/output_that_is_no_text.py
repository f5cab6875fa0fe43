# Puts into its output what is no text.
# ends: protocol_error
# as evaluate: raised
import sys

sys.stdout.parts.append(1)
