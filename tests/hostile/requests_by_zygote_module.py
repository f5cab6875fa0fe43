# Takes the host's requests as a zygote does, to be handed descriptors.
# ends: protocol_error
import _sca

while True:
    _sca.await_request()
