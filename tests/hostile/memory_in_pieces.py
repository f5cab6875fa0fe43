# Takes memory piece by piece.
# ends: out_of_memory
pieces = []
while True:
    pieces.append(bytearray(1 << 20))
