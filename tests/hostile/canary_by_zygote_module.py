# Calls the sandbox's own test, which forks.
# ends: raised | finished
import _sca

_sca.isolation()
