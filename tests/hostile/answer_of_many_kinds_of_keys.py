# Leaves an answer with keys that are the same as text.
# ends: finished
answer = {1: 'a', '1': 'b', True: 'c', 'true': 'd', None: 'e', 'null': 'f', 1.5: 'g', '1.5': 'h'}
