# Makes a descriptor for events.
# ends: raised
import os

os.eventfd(0)
