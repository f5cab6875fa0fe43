# Forks through the module under os.
# ends: raised
import posix

posix.fork()
