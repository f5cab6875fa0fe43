# Looks for the tools and the judge in its process: they must not be there.
# ends: finished
# as evaluate: not run: they are there
import gc
import sys

gc.unfreeze()
if 'tools' in sys.modules:
    raise SystemError('the tools')
for one in gc.get_objects():
    if getattr(one, '__name__', '') in ('load_state', 'count_to') and hasattr(one, 'sca_kind'):
        raise SystemError('a tool')
    if type(one) is dict and 'def evaluate' in str(dict.get(one, 'code')):
        raise SystemError('the judge')
