# Takes more memory than there is.
# ends: out_of_memory
bytearray(1 << 40)
