# Lists the files of the root folder.
# ends: raised
import os

print(os.listdir('/'))
