# Leaves a file where another episode could find it.
# ends: raised
open('/dev/shm/x', 'w').write('for the next one')
