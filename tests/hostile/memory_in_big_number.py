# Makes a number that fills the memory.
# ends: out_of_memory | timed_out
1 << (1 << 40)
