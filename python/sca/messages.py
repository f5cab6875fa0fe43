"""Frames between the host and its processes, and the one JSON form of values and errors.

A frame is four bytes of length (little endian) and a JSON object. Values of tools and answers
travel as JSON text inside strings, so that nobody between two Pythons converts a number.
"""

import json

# Built into sca-zygote (src/sandbox/zygote_python.cc). decode(text) gives the value, or raises
# ValueError; to_json(value) gives its text, or raises TypeError, ValueError or RecursionError for
# what is not plain data. receive() gives a message, send(message) sends one, send_result(ok, text)
# the answer to a call.
from _sca import decode, receive, send, send_result, to_json, use_json

quote = json.encoder.encode_basestring
# What JSONEncoder and JSONDecoder make for each call, made once: a child touches fewer pages.
use_json(json.JSONDecoder().scan_once,
         json.encoder.c_make_encoder(None, json.JSONEncoder().default, quote, None, ": ", ", ",
                                     False, False, False),
         quote, json.JSONDecoder().decode)


name_of = type.__dict__["__name__"].__get__  # Of a class, whatever it says of itself.


def is_of(file, path):
    return isinstance(path, str) and path.rpartition("/")[2] == file


def describe_error(error, file):
    """One line: where in `file`, which exception, its text."""
    try:
        return describe_honest_error(error, file)
    except BaseException:
        return f"{name_of(type(error))}, which cannot be described"[:1000]


def describe_honest_error(error, file):
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    if line and is_of(file, getattr(error, "filename", None)):
        trace = None  # The fault is in the text, not where it was read.
    while trace is not None:
        if is_of(file, trace.tb_frame.f_code.co_filename):
            line = trace.tb_lineno
        trace = trace.tb_next
    try:
        text = str(error.msg if isinstance(error, SyntaxError) else error)
    except BaseException:
        text = ""
    where = f"line {line}: " if line else ""
    return f"{where}{type(error).__name__}: {text}"[:1000]
