# Hands a tool a state of its own.
# ends: raised
note('x', **{'state': {'secret': 42, 'log': []}})
