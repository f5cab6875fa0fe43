# Leaves an answer that is larger than a message.
# ends: protocol_error | out_of_memory | finished
answer = 'x' * (9 << 20)
