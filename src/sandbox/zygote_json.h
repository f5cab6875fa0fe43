// Messages as Python's objects: CPython's own JSON, called without any Python in between.
//
// Python counts each function, each piece of code and each name that it goes through where it lies,
// and a child copies the page. This goes through few.

#pragma once

// As Python.h has it, which is there for sca-zygote alone.
struct _object;  // NOLINT(bugprone-reserved-identifier)
using PyObject = struct _object;

namespace sca::sandbox {

// Once, before all else: keeps what does the work, use_json(scan, chunks_of, quote,
// decode_with_spaces), as python/sca/messages.py makes them.
PyObject* UseJson(PyObject* module, PyObject* arguments);

// The value that a text stands for. Null, with ValueError, TypeError, RecursionError or
// MemoryError, if it is no JSON or too much.
PyObject* DecodeJson(PyObject* text);

// JSON text. Null, with TypeError, ValueError, RecursionError or MemoryError, for what is not plain
// data or too much.
PyObject* EncodeJson(PyObject* value);

// As EncodeJson; half a surrogate pair is no text either.
PyObject* EncodeStrictJson(PyObject* value);

// The text as JSON's string.
PyObject* QuoteJson(PyObject* text);

}  // namespace sca::sandbox
