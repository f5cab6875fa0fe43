# Makes a link to a file of the system.
# ends: raised
import os

os.symlink('/etc/passwd', 'l')
