# Has the host keep many large results of small calls.
# ends: output_exceeded
# as evaluate: out_of_memory | raised | output_exceeded
for _ in range(1000):
    repeat('x', 1 << 20)
