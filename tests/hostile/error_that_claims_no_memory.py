# Pleads that it had too little memory.
# ends: out_of_memory
raise MemoryError
