# Opens its own memory as a file.
# ends: raised
open('/proc/self/mem', 'r+b')
