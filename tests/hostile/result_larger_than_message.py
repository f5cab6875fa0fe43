# Has a tool give more than a message holds.
# ends: raised
# as evaluate: output_exceeded
repeat('x', 9 << 20)
