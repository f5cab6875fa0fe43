# Leaves numbers and text that claim to be something else as text.
# ends: finished
class Number(int):
    __repr__ = __str__ = lambda self: 'true'


class Text(str):
    __repr__ = __str__ = lambda self: '41'


class Real(float):
    __repr__ = __str__ = lambda self: 'NaN'


answer = [Number(1), Text('x'), Real(0.5)]
