# Raises an error whose class has no name.
# ends: raised
class Nameless(type):
    @property
    def __name__(cls):
        raise SystemExit


class Error(Exception, metaclass=Nameless):
    pass


raise Error
