# Hands a tool text that claims to be another.
# ends: finished
class Text(str):
    def __str__(self):
        return 'forged'

    __repr__ = __format__ = encode = lambda self, *_: 'forged'


if echo(Text('true')) != 'true':
    raise ValueError
