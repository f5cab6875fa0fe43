# Raises an error that refuses to be looked at.
# ends: raised
class Error(SyntaxError):
    def __getattribute__(self, name):
        raise SystemExit


raise Error
