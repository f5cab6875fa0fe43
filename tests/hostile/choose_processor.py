# Binds itself to a processor.
# ends: raised
import os

os.sched_setaffinity(0, {0})
