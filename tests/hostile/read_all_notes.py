# Reads more from the state than a message holds.
# ends: raised
# as evaluate: output_exceeded | out_of_memory | raised
# leaves: notes
for _ in range(4):
    fill(3 << 20)
notes()
