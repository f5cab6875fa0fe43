# Raises an error whose line is no number.
# ends: raised
class Line:
    def __bool__(self):
        raise SystemExit


error = SyntaxError('x')
error.lineno = Line()
raise error
