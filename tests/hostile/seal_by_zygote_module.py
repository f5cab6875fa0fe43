# Sets the sandbox up anew.
# ends: protocol_error | killed
import _sca

_sca.seal(1 << 30, 10)
