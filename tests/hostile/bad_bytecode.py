# Runs bytecode that reads beyond its constants.
# ends: killed | raised | protocol_error
f = lambda: 0
f.__code__ = f.__code__.replace(co_code=b'\x64\xff\x53\0', co_consts=())
f()
