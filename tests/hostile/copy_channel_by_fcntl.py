# Copies the channel's descriptor.
# ends: raised
import fcntl

fcntl.fcntl(3, fcntl.F_DUPFD, 9)
