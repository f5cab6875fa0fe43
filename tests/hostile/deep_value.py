# Prints a value that is nested too deep.
# ends: raised
value = []
for _ in range(10 ** 5):
    value = [value]
print(value)
