# Reads the time it has really taken.
# ends: raised
import resource

resource.getrusage(resource.RUSAGE_SELF)
