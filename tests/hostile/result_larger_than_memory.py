# Has a tool take more memory than there is.
# ends: raised
repeat('x', 1 << 40)
