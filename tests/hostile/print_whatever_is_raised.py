# Prints without end, and catches whatever would stop it.
# ends: output_exceeded
# as evaluate: timed_out
while True:
    try:
        print('x' * 100)
    except BaseException:
        pass
