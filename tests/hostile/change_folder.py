# Goes to another folder.
# ends: raised
import os

os.chdir('/')
