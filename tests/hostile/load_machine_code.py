# Loads a library by its name.
# ends: raised
import _imp
import importlib.machinery

path = '/lib/x86_64-linux-gnu/libc.so.6'
loader = importlib.machinery.ExtensionFileLoader('c', path)
_imp.create_dynamic(importlib.machinery.ModuleSpec('c', loader, origin=path))
