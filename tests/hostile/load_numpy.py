# Imports what is not loaded yet: there are no files.
# ends: raised
import numpy
