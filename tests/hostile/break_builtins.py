# Breaks builtins that the sandbox's Python needs.
# ends: raised | protocol_error
import builtins

builtins.len = None
builtins.isinstance = None
1 / 0
