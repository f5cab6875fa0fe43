# Fills the state until no memory is left.
# ends: raised
# as evaluate: raised | out_of_memory | output_exceeded
# leaves: notes
while True:
    fill(1 << 20)
