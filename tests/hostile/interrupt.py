# Interrupts itself as a person would.
# ends: raised
raise KeyboardInterrupt
