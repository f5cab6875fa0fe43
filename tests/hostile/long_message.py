# Claims a message of four gigabytes.
# ends: protocol_error
import os

os.write(3, b'\xff' * 8)
