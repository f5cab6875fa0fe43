# Loads the library that calls anything at any address.
# ends: raised
import ctypes

ctypes.string_at(0)
