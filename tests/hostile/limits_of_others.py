# Sets the limits of the process it was forked from.
# ends: raised
import os
import resource

resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))
