# Sets its own clock back; it has one of its own.
# ends: finished
import _sca

_sca.begin_child(7)
