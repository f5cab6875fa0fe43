# Calls a tool without end.
# ends: output_exceeded | timed_out
# as evaluate: timed_out | out_of_memory | protocol_error
while True:
    peek()
