# Replaces the import of modules.
# ends: raised
import builtins

builtins.__import__ = None
import math
