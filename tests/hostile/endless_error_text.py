# Raises an exception whose text never ends to be made.
# ends: timed_out
class Endless(Exception):
    def __str__(self):
        while True:
            pass


raise Endless
