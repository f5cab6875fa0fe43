# Looks for the state among all objects, and changes it.
# ends: finished
import gc

gc.unfreeze()
for one in gc.get_objects():
    if type(one) is dict and one.get('secret') == 41:
        one['secret'] = 42
