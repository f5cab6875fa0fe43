# Stops in the debugger, which cannot be loaded: that is a warning.
# ends: finished
breakpoint()
