# Fills the state until not even a small note fits.
# ends: finished
# as evaluate: finished | raised | out_of_memory | output_exceeded
# leaves: notes
size = 1 << 20
while size > 32:
    try:
        fill(size)
    except ToolError:
        size //= 2
