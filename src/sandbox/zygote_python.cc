#define PY_SSIZE_T_CLEAN
#include "sandbox/zygote_python.h"

#include <Python.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "sandbox/zygote_clock.h"
#include "sandbox/zygote_heap.h"

namespace sca::sandbox {
namespace {

constexpr int kChannel = 3;  // Of every process: to the host.
constexpr std::uint32_t kFrameBytesMax = std::uint32_t{8} << 20;

// Set once by RunZygote, for the module's functions.
Measures* measures = nullptr;
int level_max = 0;

union ControlBuffer {
  std::array<char, CMSG_SPACE(sizeof(int))> bytes;
  cmsghdr alignment;
};

// Reads `count` bytes from the host; ends the process where the host has gone. A trusted process
// may be handed a descriptor; code of a model may not call recvmsg.
void ReadFromHost(char* bytes, std::size_t count, int* passed) {
  std::size_t received = 0;
  while (received < count) {
    ssize_t got = 0;
    if (passed == nullptr) {
      got = recv(kChannel, bytes + received, count - received, 0);
    } else {
      iovec part{bytes + received, count - received};
      ControlBuffer control{};
      msghdr header{};
      header.msg_iov = &part;
      header.msg_iovlen = 1;
      header.msg_control = control.bytes.data();
      header.msg_controllen = control.bytes.size();
      got = recvmsg(kChannel, &header, MSG_CMSG_CLOEXEC);
      const cmsghdr* entry = got > 0 ? CMSG_FIRSTHDR(&header) : nullptr;
      if (entry != nullptr && entry->cmsg_type == SCM_RIGHTS) {
        std::memcpy(passed, CMSG_DATA(entry), sizeof(int));
      }
    }
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) _exit(0);
    received += static_cast<std::size_t>(got);
  }
}

// receive(trusted) -> (bytes, descriptor or -1).
PyObject* Receive(PyObject*, PyObject* arguments) {
  int trusted = 0;
  if (PyArg_ParseTuple(arguments, "p", &trusted) == 0) return nullptr;
  std::uint32_t length = 0;
  int descriptor = -1;
  ReadFromHost(reinterpret_cast<char*>(&length), sizeof(length),
               trusted != 0 ? &descriptor : nullptr);
  if (length > kFrameBytesMax) _exit(4);
  PyObject* body = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(length));
  if (body == nullptr) return nullptr;
  ReadFromHost(PyBytes_AS_STRING(body), length, nullptr);
  return Py_BuildValue("(Ni)", body, descriptor);
}

bool SendAll(const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t sent = send(kChannel, bytes, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes += sent;
    count -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool SendWithDescriptor(const std::string& frame, int descriptor) {
  iovec part{const_cast<char*>(frame.data()), frame.size()};
  ControlBuffer control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  cmsghdr* entry = CMSG_FIRSTHDR(&header);
  entry->cmsg_level = SOL_SOCKET;
  entry->cmsg_type = SCM_RIGHTS;
  entry->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(entry), &descriptor, sizeof(int));
  const ssize_t sent = sendmsg(kChannel, &header, MSG_NOSIGNAL);
  if (sent < 0) return false;
  const auto done = static_cast<std::size_t>(sent);
  return SendAll(frame.data() + done, frame.size() - done);
}

// send(bytes, descriptor=-1): a frame; the descriptor is closed here once it is sent.
PyObject* Send(PyObject*, PyObject* arguments) {
  const char* body = nullptr;
  Py_ssize_t count = 0;
  int descriptor = -1;
  if (PyArg_ParseTuple(arguments, "y#|i", &body, &count, &descriptor) == 0) return nullptr;
  if (count > static_cast<Py_ssize_t>(kFrameBytesMax)) {
    PyErr_SetString(PyExc_ValueError, "too much text for one message");
    return nullptr;
  }
  const auto length = static_cast<std::uint32_t>(count);
  std::string frame(reinterpret_cast<const char*>(&length), sizeof(length));
  frame.append(body, static_cast<std::size_t>(count));
  const bool sent =
      descriptor < 0 ? SendAll(frame.data(), frame.size()) : SendWithDescriptor(frame, descriptor);
  if (descriptor >= 0) close(descriptor);
  if (!sent) _exit(0);
  Py_RETURN_NONE;
}

// fork(channel) -> (pid, pid descriptor) in the parent, (0, -1) in the child, whose channel is the
// given descriptor. CPython's own fork hooks are left out: with one thread they have nothing to
// mend, and they reseed `random` and cost a third of the fork.
PyObject* Fork(PyObject*, PyObject* arguments) {
  int channel = -1;
  if (PyArg_ParseTuple(arguments, "i", &channel) == 0) return nullptr;
  const auto self = static_cast<int>(syscall(SYS_getpid));
  const pid_t child = fork();
  if (child == 0) {
    if (!BecomeChild(channel, self)) _exit(3);
    return Py_BuildValue("(ii)", 0, -1);
  }
  close(channel);
  if (child < 0) return PyErr_SetFromErrno(PyExc_OSError);
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  return Py_BuildValue("(ii)", static_cast<int>(child), descriptor);
}

// wait(pid) -> its wait status, or -1 if there is no such child. Blocks until it has ended.
PyObject* Wait(PyObject*, PyObject* arguments) {
  int pid = 0;
  if (PyArg_ParseTuple(arguments, "i", &pid) == 0) return nullptr;
  int status = -1;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno == EINTR) continue;
    status = -1;
    break;
  }
  return PyLong_FromLong(status);
}

// reap() -> [(pid, wait status)] of the children that have ended.
PyObject* Reap(PyObject*, PyObject*) {
  PyObject* ended = PyList_New(0);
  int status = 0;
  for (pid_t pid = 0; ended != nullptr && (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    PyObject* entry = Py_BuildValue("(ii)", static_cast<int>(pid), status);
    if (entry != nullptr) PyList_Append(ended, entry);
    Py_XDECREF(entry);
  }
  return ended;
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

PyObject* LimitThis(PyObject*, PyObject* arguments) {
  ChildLimits limits;
  if (!ParseLimits(arguments, limits)) return nullptr;
  if (!LimitWorld(limits)) _exit(3);
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
  return Py_BuildValue(
      "{s:N,s:N,s:N,s:i,s:N,s:N}", "namespaces", PyBool_FromLong(measures->namespaces ? 1 : 0),
      "empty_root", PyBool_FromLong(measures->empty_root ? 1 : 0), "seccomp",
      PyBool_FromLong(measures->filters ? 1 : 0), "landlock_abi", measures->landlock_abi, "missing",
      ListOf(measures->missing), "leaks", ListOf(RunCanaries(*measures, limits)));
}

PyMethodDef kMethods[] = {{"receive", Receive, METH_VARARGS, nullptr},
                          {"send", Send, METH_VARARGS, nullptr},
                          {"fork", Fork, METH_VARARGS, nullptr},
                          {"wait", Wait, METH_VARARGS, nullptr},
                          {"reap", Reap, METH_NOARGS, nullptr},
                          {"seal", Seal, METH_NOARGS, nullptr},
                          {"confine", ConfineThis, METH_VARARGS, nullptr},
                          {"limit", LimitThis, METH_VARARGS, nullptr},
                          {"fix_clock", FixClock, METH_VARARGS, nullptr},
                          {"isolation", IsolationFacts, METH_VARARGS, nullptr},
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
