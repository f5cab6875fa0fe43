# Replaces a tool by one that says what it likes.
# ends: finished
peek = lambda: 42
if peek() != 42:
    raise ValueError
