# Starts worker processes.
# ends: raised
import multiprocessing

multiprocessing.Pool(2)
