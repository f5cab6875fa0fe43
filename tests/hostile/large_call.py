# Hands a tool an argument larger than a message.
# ends: raised | out_of_memory
# as evaluate: output_exceeded | raised | out_of_memory
note('x' * (9 << 20))
