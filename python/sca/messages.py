"""Frames between the host and its processes, and the one JSON form of values and errors.

A frame is four bytes of length (little endian) and a JSON object. Values of tools and answers
travel as JSON text inside strings, so that nobody between two Pythons converts a number.
"""

import json

import _sca  # Built into sca-zygote.

encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
decode = json.JSONDecoder().decode


def to_json(value):
    """JSON text; raises TypeError or ValueError for what is not plain data."""
    text = encode(value)
    text.encode()  # Half a surrogate pair is no text.
    return text


def send(message, descriptor=-1):
    _sca.send(encode(message).encode("utf-8", "replace"), descriptor)


def receive(trusted=False):
    """The next message, and a descriptor that came with it or -1."""
    body, descriptor = _sca.receive(trusted)
    return decode(body.decode("utf-8", "replace")), descriptor


def describe_error(error, file):
    """One line: where in `file`, which exception, its text."""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.rpartition("/")[2] == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:
        text = ""
    where = f"line {line}: " if line else ""
    return f"{where}{type(error).__name__}: {text}"[:1000]
