# Calls the sandbox's own measurement, which forks.
# ends: finished
import _sca

if _sca.fork_floor(5):
    raise ValueError('it forked')
