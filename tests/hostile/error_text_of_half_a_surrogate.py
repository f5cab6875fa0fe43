# Prints and raises text that is none.
# ends: raised
print('\ud800\udfff\0\x1b[2J')
raise ValueError('\ud800')
