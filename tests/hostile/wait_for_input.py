# Waits for somebody to type.
# ends: raised
input()
