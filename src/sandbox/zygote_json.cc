#define PY_SSIZE_T_CLEAN
#include "sandbox/zygote_json.h"

#include <Python.h>

#include <initializer_list>

namespace sca::sandbox {
namespace {

// Set once, before there are children.
PyObject* scan = nullptr;
PyObject* chunks_of = nullptr;
PyObject* quote = nullptr;
PyObject* decode_with_spaces = nullptr;
PyObject* empty = nullptr;  // Between the chunks.

}  // namespace

PyObject* UseJson(PyObject*, PyObject* arguments) {
  if (scan != nullptr) {
    PyErr_SetString(PyExc_RuntimeError, "what makes messages is set once");
    return nullptr;
  }
  if (PyArg_ParseTuple(arguments, "OOOO", &scan, &chunks_of, &quote, &decode_with_spaces) == 0) {
    return nullptr;
  }
  for (PyObject* kept : {scan, chunks_of, quote, decode_with_spaces}) Py_INCREF(kept);
  empty = PyUnicode_FromStringAndSize("", 0);
  if (empty == nullptr) return nullptr;
  Py_RETURN_NONE;
}

PyObject* DecodeJson(PyObject* text) {
  if (PyUnicode_Check(text) == 0) return PyObject_CallOneArg(decode_with_spaces, text);
  PyObject* start = PyLong_FromLong(0);
  PyObject* scanned = PyObject_CallFunctionObjArgs(scan, text, start, nullptr);
  Py_DECREF(start);
  if (scanned == nullptr && PyErr_ExceptionMatches(PyExc_StopIteration) == 0) return nullptr;
  PyErr_Clear();
  PyObject* value = nullptr;
  if (scanned != nullptr &&
      PyLong_AsSsize_t(PyTuple_GET_ITEM(scanned, 1)) == PyUnicode_GET_LENGTH(text)) {
    value = Py_NewRef(PyTuple_GET_ITEM(scanned, 0));
  }
  Py_XDECREF(scanned);
  // Which reads it once more, and says what is wrong with it.
  return value != nullptr ? value : PyObject_CallOneArg(decode_with_spaces, text);
}

PyObject* EncodeJson(PyObject* value) {
  PyObject* level = PyLong_FromLong(0);
  PyObject* chunks = PyObject_CallFunctionObjArgs(chunks_of, value, level, nullptr);
  Py_DECREF(level);
  if (chunks == nullptr) return nullptr;
  PyObject* text = PyUnicode_Join(empty, chunks);
  Py_DECREF(chunks);
  return text;
}

PyObject* EncodeStrictJson(PyObject* value) {
  PyObject* text = EncodeJson(value);
  if (text == nullptr || PyUnicode_IS_ASCII(text) != 0) return text;
  PyObject* bytes = PyUnicode_AsUTF8String(text);
  if (bytes == nullptr) Py_CLEAR(text);
  Py_XDECREF(bytes);
  return text;
}

PyObject* QuoteJson(PyObject* text) { return PyObject_CallOneArg(quote, text); }

}  // namespace sca::sandbox
