# Takes memory, and goes on where it gets none.
# ends: timed_out
pieces = []
while True:
    try:
        pieces.append(bytearray(1 << 16))
    except MemoryError:
        pass
