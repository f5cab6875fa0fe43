# Closes the channel, and never ends.
# ends: protocol_error
import os

os.close(3)
while True:
    pass
