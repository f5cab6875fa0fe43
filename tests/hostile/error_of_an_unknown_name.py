# Raises an error about a name that is no plain text.
# ends: raised
class Name(str):
    def __iter__(self):
        raise SystemExit

    __len__ = __getitem__ = __hash__ = __eq__ = lambda *_: 1 / 0


raise NameError('x', name=Name('peeek'))
