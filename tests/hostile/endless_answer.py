# Leaves an answer whose making into text never ends.
# ends: timed_out
class Endless(dict):
    def items(self):
        while True:
            pass


answer = Endless(a=1)
repr(answer)
while True:
    pass
