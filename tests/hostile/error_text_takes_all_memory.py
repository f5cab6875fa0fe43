# Raises an error whose text takes all memory.
# ends: raised
class Error(Exception):
    def __str__(self):
        return 'x' * (1 << 40)


raise Error
