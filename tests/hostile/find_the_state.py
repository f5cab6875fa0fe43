# Looks for the state in its process: it must not be there.
# ends: finished
# as evaluate: not run: the state is there
import gc

gc.unfreeze()
for one in gc.get_objects():
    if type(one) is dict and dict.get(one, 'secret') == 41:
        raise SystemError('here it is')
