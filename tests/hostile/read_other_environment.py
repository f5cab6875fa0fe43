# Reads the variables of process 1.
# ends: raised
print(open('/proc/1/environ', 'rb').read())
