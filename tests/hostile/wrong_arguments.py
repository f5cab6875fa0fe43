# Calls a tool with arguments it has not.
# ends: raised
peek(1, 2, 3)
