#define PY_SSIZE_T_CLEAN
#include "sandbox/zygote_python.h"

#include <Python.h>
#include <unistd.h>

#include <cstdint>
#include <string>

#include "sandbox/zygote_channel.h"
#include "sandbox/zygote_clock.h"
#include "sandbox/zygote_floor.h"
#include "sandbox/zygote_heap.h"
#include "sandbox/zygote_json.h"
#include "sandbox/zygote_nursery.h"

namespace sca::sandbox {
namespace {

// Set once, by RunZygote and by seal, for the module's functions.
Measures* measures = nullptr;
int level_max = 0;
ChildLimits limits;
bool rehearsing = false;  // Nothing is sent then, and nothing limited.
bool sealed = false;
// What `execute` compiled last.
PyObject* last_text = nullptr;
PyObject* last_code = nullptr;

// What is no UTF-8 is replaced: whoever sent it is not to be trusted.
PyObject* TextOf(const ReceivedFrame& frame) {
  const std::string_view body = frame.body();
  return PyUnicode_DecodeUTF8(body.data(), static_cast<Py_ssize_t>(body.size()), "replace");
}

// Takes `text`, which is null if there is none.
PyObject* DecodeAndForget(PyObject* text) {
  PyObject* message = text == nullptr ? nullptr : DecodeJson(text);
  Py_XDECREF(text);
  return message;
}

// The text of the next frame, whose bytes are not needed any more.
PyObject* ReceiveText() {
  ReceivedFrame frame;
  ReceiveFrame(frame);
  return TextOf(frame);
}

// receive() -> the next message.
PyObject* Receive(PyObject*, PyObject*) { return DecodeAndForget(ReceiveText()); }

// As ReceiveText; `forked` says whether this is a new child, which the text is a request to.
PyObject* AwaitText(bool& forked) {
  ReceivedFrame frame;
  forked = AwaitRequest(frame);
  return TextOf(frame);
}

// await_request() -> (in a new child?, the request). For trusted processes.
PyObject* Await(PyObject*, PyObject*) {
  bool forked = false;
  PyObject* request = DecodeAndForget(AwaitText(forked));
  return request == nullptr ? nullptr
                            : Py_BuildValue("(NN)", PyBool_FromLong(forked ? 1 : 0), request);
}

bool SendText(PyObject* text) {
  if (rehearsing) return true;
  if (PyUnicode_IS_ASCII(text) != 0) {
    return SendFrame({static_cast<const char*>(PyUnicode_DATA(text)),
                      static_cast<std::size_t>(PyUnicode_GET_LENGTH(text))});
  }
  PyObject* bytes = PyUnicode_AsEncodedString(text, "utf-8", "replace");
  if (bytes == nullptr) return false;
  const bool sent =
      SendFrame({PyBytes_AS_STRING(bytes), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes))});
  Py_DECREF(bytes);
  return sent;
}

// Takes `text`, which is null if there is none.
PyObject* SendAndForget(PyObject* text) {
  if (text == nullptr) return nullptr;
  const bool sent = SendText(text);
  Py_DECREF(text);
  if (sent) Py_RETURN_NONE;
  if (PyErr_Occurred() == nullptr) {
    PyErr_SetString(PyExc_ValueError, "too much text for one message");
  }
  return nullptr;
}

// send(message): a frame.
PyObject* Send(PyObject*, PyObject* message) { return SendAndForget(EncodeJson(message)); }

// send_result(ok, text): the answer to a call, which is what most messages are.
PyObject* SendResult(PyObject*, PyObject* arguments) {
  PyObject* ok = nullptr;
  PyObject* text = nullptr;
  if (PyArg_ParseTuple(arguments, "OU", &ok, &text) == 0) return nullptr;
  PyObject* value = QuoteJson(text);
  if (value == nullptr) return nullptr;
  PyObject* message = PyUnicode_FromFormat(R"({"op": "result", "ok": %s, "value": %U})",
                                           ok == Py_True ? "true" : "false", value);
  Py_DECREF(value);
  return SendAndForget(message);
}

PyObject* Decode(PyObject*, PyObject* text) { return DecodeJson(text); }
PyObject* ToJson(PyObject*, PyObject* value) { return EncodeStrictJson(value); }

// rehearse(on?): until the zygote is sealed.
PyObject* Rehearse(PyObject*, PyObject* on) {
  rehearsing = !sealed && on == Py_True;
  Py_RETURN_NONE;
}

// status(pid) -> the wait status of a child, or -1 if there is no such child.
PyObject* Status(PyObject*, PyObject* arguments) {
  int pid = 0;
  if (PyArg_ParseTuple(arguments, "i", &pid) == 0) return nullptr;
  return PyLong_FromLong(StatusOf(pid));
}

// seal(memory_bytes, cpu_seconds): the limits of all children.
PyObject* Seal(PyObject*, PyObject* arguments) {
  Py_ssize_t memory_bytes = 0;
  if (PyArg_ParseTuple(arguments, "nI", &memory_bytes, &limits.cpu_seconds) == 0) return nullptr;
  limits.memory_bytes = static_cast<std::size_t>(memory_bytes);
  Py_CLEAR(last_text);  // Of the rehearsal: children would have to free it.
  Py_CLEAR(last_code);
  sealed = true;
  rehearsing = false;
  SealHeap();
  if (!SealZygote(level_max, *measures)) _exit(3);
  Py_RETURN_NONE;
}

// confine(times): like code, with so many times the memory of the limits.
PyObject* ConfineThis(PyObject*, PyObject* times) {
  ChildLimits own = limits;
  own.memory_bytes *= PyLong_AsSize_t(times);
  if (PyErr_Occurred() != nullptr) return nullptr;
  if (!ConfineCode(*measures, own)) _exit(3);
  Py_RETURN_NONE;
}

// limit_world(at a tool?)
PyObject* LimitThis(PyObject*, PyObject* at_tool) {
  if (rehearsing) Py_RETURN_NONE;
  const WorldAt at = PyObject_IsTrue(at_tool) == 1 ? WorldAt::kTool : WorldAt::kMessages;
  if (!LimitWorld(limits, at)) _exit(3);
  Py_RETURN_NONE;
}

// begin_child(seed): clock and entropy are a function of the seed, and the collector runs.
PyObject* BeginChild(PyObject*, PyObject* seed) {
  const unsigned long long number = PyLong_AsUnsignedLongLong(seed);
  if (PyErr_Occurred() != nullptr) return nullptr;
  FixClockAndEntropy(number);
  PyGC_Enable();
  Py_RETURN_NONE;
}

PyObject* ListOf(const std::vector<std::string>& sentences) {
  PyObject* list = PyList_New(0);
  for (const std::string& sentence : sentences) {
    PyObject* text = PyUnicode_FromString(sentence.c_str());
    if (list != nullptr && text != nullptr) PyList_Append(list, text);
    Py_XDECREF(text);
  }
  return list;
}

// execute(text, file, namespace): compiles and runs a module's code; a text that is run again and
// again is compiled once.
PyObject* Execute(PyObject*, PyObject* arguments) {
  const char* text = nullptr;
  const char* file = nullptr;
  PyObject* names = nullptr;
  if (PyArg_ParseTuple(arguments, "ssO!", &text, &file, &PyDict_Type, &names) == 0) return nullptr;
  if (PyTuple_GET_ITEM(arguments, 0) != last_text) {
    // As of text, whatever encoding it says that it is in.
    PyCompilerFlags flags{PyCF_SOURCE_IS_UTF8 | PyCF_IGNORE_COOKIE, PY_MINOR_VERSION};
    PyObject* code = Py_CompileStringFlags(text, file, Py_file_input, &flags);
    if (code == nullptr) return nullptr;
    Py_XSETREF(last_code, code);
    Py_XSETREF(last_text, Py_NewRef(PyTuple_GET_ITEM(arguments, 0)));
  }
  return PyEval_EvalCode(last_code, names, names);
}

// takes_argument(callable) -> whether it can be given one; True if it cannot be told. In C because
// each object that Python looks at on its way is counted, and the page it lies on copied.
PyObject* TakesArgument(PyObject*, PyObject* callable) {
  if (!PyFunction_Check(callable)) Py_RETURN_TRUE;
  const auto* code = reinterpret_cast<PyCodeObject*>(PyFunction_GET_CODE(callable));
  return PyBool_FromLong(code->co_argcount > 0 || (code->co_flags & CO_VARARGS) != 0 ? 1 : 0);
}

// isolation() -> facts for the host; runs the canaries.
PyObject* IsolationFacts(PyObject*, PyObject*) {
  return Py_BuildValue("{s:N,s:N,s:N,s:N,s:i,s:N,s:N}", "control_group",
                       PyBool_FromLong(measures->control_group ? 1 : 0), "namespaces",
                       PyBool_FromLong(measures->namespaces ? 1 : 0), "empty_root",
                       PyBool_FromLong(measures->empty_root ? 1 : 0), "seccomp",
                       PyBool_FromLong(measures->filters ? 1 : 0), "landlock_abi",
                       measures->landlock_abi, "missing", ListOf(measures->missing), "leaks",
                       ListOf(RunCanaries(*measures, limits)));
}

// fork_floor(count) -> microseconds of bare forks of this process.
PyObject* ForkFloor(PyObject*, PyObject* arguments) {
  int count = 0;
  if (PyArg_ParseTuple(arguments, "i", &count) == 0) return nullptr;
  PyObject* list = PyList_New(0);
  for (const double microseconds : MeasureForks(count)) {
    PyObject* number = PyFloat_FromDouble(microseconds);
    if (list != nullptr && number != nullptr) PyList_Append(list, number);
    Py_XDECREF(number);
  }
  return list;
}

PyMethodDef kMethods[] = {{"receive", Receive, METH_NOARGS, nullptr},
                          {"send", Send, METH_O, nullptr},
                          {"send_result", SendResult, METH_VARARGS, nullptr},
                          {"use_json", UseJson, METH_VARARGS, nullptr},
                          {"decode", Decode, METH_O, nullptr},
                          {"to_json", ToJson, METH_O, nullptr},
                          {"rehearse", Rehearse, METH_O, nullptr},
                          {"await_request", Await, METH_NOARGS, nullptr},
                          {"status", Status, METH_VARARGS, nullptr},
                          {"seal", Seal, METH_VARARGS, nullptr},
                          {"confine", ConfineThis, METH_O, nullptr},
                          {"limit_world", LimitThis, METH_O, nullptr},
                          {"begin_child", BeginChild, METH_O, nullptr},
                          {"execute", Execute, METH_VARARGS, nullptr},
                          {"takes_argument", TakesArgument, METH_O, nullptr},
                          {"isolation", IsolationFacts, METH_NOARGS, nullptr},
                          {"fork_floor", ForkFloor, METH_VARARGS, nullptr},
                          {nullptr, nullptr, 0, nullptr}};

PyModuleDef kModule = {
    PyModuleDef_HEAD_INIT, "_sca", nullptr, -1, kMethods, nullptr, nullptr, nullptr, nullptr};

PyObject* MakeModule() { return PyModule_Create(&kModule); }

// Isolated from the user's settings, with a fixed hash seed.
bool StartPython(const char* python_folder) {
  PyImport_AppendInittab("_sca", MakeModule);
  PyPreConfig preconfig;
  PyPreConfig_InitIsolatedConfig(&preconfig);
  preconfig.utf8_mode = 1;
  if (PyStatus_Exception(Py_PreInitialize(&preconfig)) != 0) return false;
  UseHugePages();
  PyConfig config;
  PyConfig_InitIsolatedConfig(&config);
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  config.site_import = 0;
  config.install_signal_handlers = 0;
  config.write_bytecode = 0;
  PyConfig_SetBytesString(&config, &config.program_name, "/usr/bin/python3");
  const bool started = PyStatus_Exception(Py_InitializeFromConfig(&config)) == 0;
  PyConfig_Clear(&config);
  if (!started) return false;
  ReserveNursery();
  PyObject* path = PySys_GetObject("path");
  PyObject* folder = PyUnicode_DecodeFSDefault(python_folder);
  return path != nullptr && folder != nullptr && PyList_Insert(path, 0, folder) == 0;
}

}  // namespace

int RunZygote(const char* python_folder, int wanted_level, Measures& found) {
  measures = &found;
  level_max = wanted_level;
  if (!StartPython(python_folder)) return 1;
  PyObject* module = PyImport_ImportModule("sca.zygote");
  PyObject* result = module == nullptr ? nullptr : PyObject_CallMethod(module, "main", nullptr);
  if (result == nullptr) PyErr_Print();
  return result == nullptr ? 1 : 0;
}

}  // namespace sca::sandbox
