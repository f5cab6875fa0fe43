# Has the host keep more of its calls than it has memory for.
# ends: output_exceeded
# as evaluate: out_of_memory | raised | output_exceeded
for _ in range(1000):
    echo('x' * (1 << 20))
