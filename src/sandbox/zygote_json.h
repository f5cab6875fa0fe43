// Messages as Python's objects: CPython's own JSON, called without any Python in between.
//
// Each function and each piece of code that Python goes through is counted where it lies, and a
// child copies the page. In here nothing is.

#pragma once

// As Python.h has it, which is there for sca-zygote alone.
struct _object;  // NOLINT(bugprone-reserved-identifier)
using PyObject = struct _object;

namespace sca::sandbox {

// Once, before all else: keeps what does the work, use_json(scan, chunks_of, quote,
// decode_with_spaces), as python/sca/messages.py makes them.
PyObject* UseJson(PyObject* module, PyObject* arguments);

// The value that a text stands for. Null, with ValueError or RecursionError, if it is no JSON.
PyObject* DecodeJson(PyObject* text);

// JSON text. Null, with TypeError, ValueError or RecursionError, for what is not plain data.
PyObject* EncodeJson(PyObject* value);

// As EncodeJson; half a surrogate pair is no text either.
PyObject* EncodeStrictJson(PyObject* value);

// The text as JSON's string.
PyObject* QuoteJson(PyObject* text);

}  // namespace sca::sandbox
