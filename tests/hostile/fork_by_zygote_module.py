# Forks through the module of the sandbox itself.
# ends: raised | protocol_error
import _sca

_sca.fork(0)
