# Sends itself the signal of a crash, which is refused.
# ends: finished | killed
import faulthandler

faulthandler._sigsegv()
