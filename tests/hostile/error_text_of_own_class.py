# Raises an error whose text cannot be put into other text.
# ends: raised
class Text(str):
    def __format__(self, how):
        raise SystemExit


class Error(Exception):
    def __str__(self):
        return Text('x')


raise Error
