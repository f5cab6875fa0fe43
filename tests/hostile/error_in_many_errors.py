# Raises an error within a hundred thousand others.
# ends: raised | killed
error = ValueError()
for _ in range(10 ** 5):
    error = ExceptionGroup('x', [error])
raise error
