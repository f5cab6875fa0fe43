# Changes how the host's end of the channel may behave.
# ends: raised
import os

os.set_blocking(3, False)
