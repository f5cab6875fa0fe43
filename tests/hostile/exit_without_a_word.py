# Ends its process as if all were well.
# ends: protocol_error
import os

os._exit(0)
