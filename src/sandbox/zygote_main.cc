// sca-zygote: embeds CPython, loads an environment once and forks worlds and cells of it.
//
// Usage (by sca only): sca-zygote PYTHON_FOLDER LEVEL_MAX, with the control socket as descriptor 3.
// Single-threaded from start to end. What happens in Python is in python/sca/runtime.py; here is
// what Python cannot do: namespaces, filters, and a heap on huge pages, which makes forks cheap.

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "sandbox/confine.h"

namespace {

using sca::sandbox::Measures;

Measures measures;

// ---- A heap on huge pages: page tables of the state are what makes a fork slow ------------------

constexpr std::size_t kHeapBytes = std::size_t{512} << 20;
constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
char* heap = nullptr;
std::size_t heap_used = 0;

void* AllocateArena(void*, std::size_t bytes) {
  if (heap != nullptr && heap_used + bytes <= kHeapBytes) {
    void* arena = heap + heap_used;
    heap_used += bytes;
    return arena;
  }
  void* arena = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return arena == MAP_FAILED ? nullptr : arena;
}

void FreeArena(void*, void* arena, std::size_t bytes) {
  const char* start = static_cast<char*>(arena);
  if (heap != nullptr && start >= heap && start < heap + kHeapBytes) return;  // Stays reserved.
  munmap(arena, bytes);
}

void UseHugePages() {
  void* region = mmap(nullptr, kHeapBytes + kHugePageBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) return;
  const auto address = reinterpret_cast<std::uintptr_t>(region);
  heap =
      static_cast<char*>(region) + ((kHugePageBytes - address % kHugePageBytes) % kHugePageBytes);
  madvise(heap, kHeapBytes, MADV_HUGEPAGE);
  PyObjectArenaAllocator allocator{nullptr, AllocateArena, FreeArena};
  PyObject_SetArenaAllocator(&allocator);
}

// What is left of the region would be memory beyond a child's limit: it is given back.
void SealHeap() {
  if (heap == nullptr) return;
  const std::size_t used = (heap_used + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  if (used < kHeapBytes) munmap(heap + used, kHeapBytes - used);
  heap_used = kHeapBytes;
}

// ---- The module _sca ----------------------------------------------------------------------------

PyObject* Confine(PyObject*, PyObject* arguments) {
  int descriptor = 0;
  Py_ssize_t memory_bytes = 0;
  unsigned cpu_seconds = 0;
  if (PyArg_ParseTuple(arguments, "inI", &descriptor, &memory_bytes, &cpu_seconds) == 0) {
    return nullptr;
  }
  sca::sandbox::KeepOnly(descriptor);
  if (!sca::sandbox::ConfineChild(measures, static_cast<std::size_t>(memory_bytes), cpu_seconds)) {
    _exit(3);
  }
  Py_RETURN_NONE;
}

PyObject* KeepOnly(PyObject*, PyObject* arguments) {
  int descriptor = 0;
  if (PyArg_ParseTuple(arguments, "i", &descriptor) == 0) return nullptr;
  sca::sandbox::KeepOnly(descriptor);
  Py_RETURN_NONE;
}

PyObject* EmptyRoot(PyObject*, PyObject*) {
  SealHeap();
  sca::sandbox::EnterEmptyRoot(measures);
  Py_RETURN_NONE;
}

PyObject* IsolationFacts(PyObject*, PyObject*) {
  PyObject* missing = PyList_New(0);
  if (missing == nullptr) return nullptr;
  for (const std::string& sentence : measures.missing) {
    PyObject* text = PyUnicode_FromString(sentence.c_str());
    PyList_Append(missing, text);
    Py_XDECREF(text);
  }
  return Py_BuildValue("{s:N,s:N,s:N,s:i,s:N}", "namespaces",
                       PyBool_FromLong(measures.namespaces ? 1 : 0), "empty_root",
                       PyBool_FromLong(measures.empty_root ? 1 : 0), "seccomp",
                       PyBool_FromLong(measures.seccomp ? 1 : 0), "landlock_abi",
                       measures.landlock_abi, "missing", missing);
}

PyMethodDef kMethods[] = {
    {"confine", Confine, METH_VARARGS, "Confines this process: (descriptor, memory, cpu seconds)."},
    {"keep_only", KeepOnly, METH_VARARGS, "Closes every other descriptor above 2."},
    {"empty_root", EmptyRoot, METH_NOARGS, "No files any more."},
    {"isolation", IsolationFacts, METH_NOARGS, "What could be had."},
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

int RunZygote(const char* python_folder) {
  if (!StartPython(python_folder)) return 1;
  PyObject* runtime = PyImport_ImportModule("sca.runtime");
  PyObject* result = runtime == nullptr ? nullptr : PyObject_CallMethod(runtime, "zygote", nullptr);
  if (result == nullptr) PyErr_Print();
  return result == nullptr ? 1 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "sca-zygote is started by sca, not by hand.\n");
    return 2;
  }
  const int level_max = std::atoi(arguments[2]);
  sca::sandbox::EnterNamespaces(level_max >= 3, measures);
  sca::sandbox::PrepareFilters(level_max, measures);
  if (measures.namespaces) {
    // The child is process 1 of the new pid namespace: when it ends, so do all its children.
    const pid_t child = fork();
    if (child < 0) return 1;
    if (child > 0) {
      close(3);
      int status = 0;
      waitpid(child, &status, 0);
      return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
  }
  return RunZygote(arguments[1]);
}
