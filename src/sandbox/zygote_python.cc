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

namespace sca::sandbox {
namespace {

// Set once by RunZygote, for the module's functions.
Measures* measures = nullptr;
int level_max = 0;

// receive() -> the body of the next frame.
PyObject* Receive(PyObject*, PyObject*) {
  std::string body;
  ReceiveFrame(body);
  return PyBytes_FromStringAndSize(body.data(), static_cast<Py_ssize_t>(body.size()));
}

// await_request() -> (in a new child?, body of the request). For trusted processes.
PyObject* Await(PyObject*, PyObject*) {
  std::string body;
  const bool forked = AwaitRequest(body);
  return Py_BuildValue("(Ny#)", PyBool_FromLong(forked ? 1 : 0), body.data(),
                       static_cast<Py_ssize_t>(body.size()));
}

// send(bytes): a frame.
PyObject* Send(PyObject*, PyObject* arguments) {
  const char* body = nullptr;
  Py_ssize_t count = 0;
  if (PyArg_ParseTuple(arguments, "y#", &body, &count) == 0) return nullptr;
  if (!SendFrame({body, static_cast<std::size_t>(count)})) {
    PyErr_SetString(PyExc_ValueError, "too much text for one message");
    return nullptr;
  }
  Py_RETURN_NONE;
}

// status(pid) -> the wait status of a child, or -1 if there is no such child.
PyObject* Status(PyObject*, PyObject* arguments) {
  int pid = 0;
  if (PyArg_ParseTuple(arguments, "i", &pid) == 0) return nullptr;
  return PyLong_FromLong(StatusOf(pid));
}

PyObject* Seal(PyObject*, PyObject*) {
  SealHeap();
  if (!SealZygote(level_max, *measures)) _exit(3);
  Py_RETURN_NONE;
}

bool ParseLimits(PyObject* arguments, ChildLimits& limits) {
  Py_ssize_t memory_bytes = 0;
  if (PyArg_ParseTuple(arguments, "nI", &memory_bytes, &limits.cpu_seconds) == 0) return false;
  limits.memory_bytes = static_cast<std::size_t>(memory_bytes);
  return true;
}

PyObject* ConfineThis(PyObject*, PyObject* arguments) {
  ChildLimits limits;
  if (!ParseLimits(arguments, limits)) return nullptr;
  if (!ConfineCode(*measures, limits)) _exit(3);
  Py_RETURN_NONE;
}

// limit_world(memory, at a tool?)
PyObject* LimitThis(PyObject*, PyObject* arguments) {
  Py_ssize_t memory_bytes = 0;
  int at_tool = 0;
  if (PyArg_ParseTuple(arguments, "np", &memory_bytes, &at_tool) == 0) return nullptr;
  const ChildLimits limits{.memory_bytes = static_cast<std::size_t>(memory_bytes)};
  if (!LimitWorld(limits, at_tool != 0 ? WorldAt::kTool : WorldAt::kMessages)) _exit(3);
  Py_RETURN_NONE;
}

PyObject* FixClock(PyObject*, PyObject* arguments) {
  unsigned long long seed = 0;
  if (PyArg_ParseTuple(arguments, "K", &seed) == 0) return nullptr;
  FixClockAndEntropy(seed);
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

// isolation(memory, cpu) -> facts for the host; runs the canaries.
PyObject* IsolationFacts(PyObject*, PyObject* arguments) {
  ChildLimits limits;
  if (!ParseLimits(arguments, limits)) return nullptr;
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
                          {"send", Send, METH_VARARGS, nullptr},
                          {"await_request", Await, METH_NOARGS, nullptr},
                          {"status", Status, METH_VARARGS, nullptr},
                          {"seal", Seal, METH_NOARGS, nullptr},
                          {"confine", ConfineThis, METH_VARARGS, nullptr},
                          {"limit_world", LimitThis, METH_VARARGS, nullptr},
                          {"fix_clock", FixClock, METH_VARARGS, nullptr},
                          {"isolation", IsolationFacts, METH_VARARGS, nullptr},
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
