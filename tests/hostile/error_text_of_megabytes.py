# Raises an error with a text of megabytes.
# ends: raised
raise ValueError('x' * (12 << 20))
