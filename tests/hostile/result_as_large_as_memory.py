# Has a tool take nearly all memory, again and again.
# ends: finished
# as evaluate: output_exceeded | out_of_memory
for megabytes in range(8, 64, 8):
    try:
        repeat('x', megabytes << 20)
    except ToolError:
        pass
