# Hands a tool a value that is nested too deep.
# ends: raised
# as evaluate: finished | raised
value = []
for _ in range(100):
    value = [value]
echo(value)
