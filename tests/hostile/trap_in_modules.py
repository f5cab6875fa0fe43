# Leaves forged modules and an importer for the next turn.
# ends: finished
import sys


class Importer:
    def find_spec(self, *_):
        raise SystemExit


sys.modules['math'] = sys.modules['json'] = sys.modules['os'] = Importer()
sys.meta_path.insert(0, Importer())
sys.path_hooks.insert(0, Importer)
