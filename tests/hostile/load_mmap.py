# Loads the module for memory maps.
# ends: raised
import mmap

mmap.mmap(-1, 4096, prot=7)
