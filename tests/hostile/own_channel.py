# Has the kernel send signals for the channel.
# ends: raised
import fcntl

fcntl.fcntl(3, fcntl.F_SETOWN, 1)
