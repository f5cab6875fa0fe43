# Formats a number as wide as the memory.
# ends: out_of_memory | raised
'%*d' % (1 << 40, 1)
