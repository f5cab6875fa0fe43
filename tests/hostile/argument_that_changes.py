# Hands a tool a mapping that is another each time it is read.
# ends: raised | finished
class Changing(dict):
    def items(self):
        self['x' * len(self)] = 1
        return [('a', 1), ('a', 2), (7, 3), (True, 4)]


value = echo(Changing(a=1))
if value != {'a': 2, '7': 3, 'true': 4}:
    raise ValueError(value)
