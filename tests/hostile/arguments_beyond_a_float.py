# Hands a tool a number that no float holds.
# ends: raised
# as evaluate: finished
echo(10 ** 400)
