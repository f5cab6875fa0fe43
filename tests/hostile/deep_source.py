# Source text that is nested too deep for the compiler.
# ends: raised | out_of_memory
eval('(' * 10000 + ')' * 10000)
