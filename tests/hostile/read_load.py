# Reads how busy the machine is.
# ends: raised
import os

os.getloadavg()
