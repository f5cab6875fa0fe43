# Has the sandbox rehearse again, so that nothing would be sent and no tool limited.
# ends: finished
import _sca

_sca.rehearse(True)
