# Has a tool give what grows beyond a message when it is written as text.
# ends: raised
# as evaluate: output_exceeded
repeat('"', 3 << 20)
