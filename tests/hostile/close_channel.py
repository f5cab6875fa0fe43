# Closes the channel.
# ends: protocol_error
import os

os.close(3)
