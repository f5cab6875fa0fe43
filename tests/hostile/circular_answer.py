# Leaves an answer that contains itself.
# ends: finished
answer = []
answer.append(answer)
