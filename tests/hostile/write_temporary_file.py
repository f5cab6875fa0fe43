# Leaves a file in /tmp.
# ends: raised
open('/tmp/sca_hostile', 'w').write('x')
