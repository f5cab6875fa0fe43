# Prints without end.
# ends: output_exceeded
# as evaluate: out_of_memory | timed_out
while True:
    print('x' * 4096)
