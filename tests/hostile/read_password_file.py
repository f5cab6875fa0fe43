# Reads a file of the system.
# ends: raised
print(open('/etc/passwd').read())
