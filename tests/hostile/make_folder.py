# Makes a folder.
# ends: raised
import os

os.mkdir('/tmp/sca_hostile_folder')
