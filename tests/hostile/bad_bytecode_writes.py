# Runs bytecode that writes beyond its frame.
# ends: killed | raised | protocol_error | finished | timed_out
f = lambda: 0
for places in (0xff, 0x80, 0x40):
    f.__code__ = f.__code__.replace(
        co_code=b'\x97\0\x64\0\x7d' + bytes([places]) + b'\x64\0\x53\0', co_consts=(None,))
    f()
