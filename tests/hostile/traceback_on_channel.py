# Has the interpreter print where it is into the channel.
# ends: protocol_error
import faulthandler

faulthandler.dump_traceback(3)
