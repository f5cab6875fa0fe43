# Forks without end.
# ends: raised
import os

while True:
    os.fork()
