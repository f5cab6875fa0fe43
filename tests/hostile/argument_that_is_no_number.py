# Hands a tool a number that JSON has not.
# ends: raised
note(float('nan'))
