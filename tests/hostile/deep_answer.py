# Leaves an answer that is nested deeper than a parser likes.
# ends: finished
answer = []
for _ in range(500):
    answer = [answer]
