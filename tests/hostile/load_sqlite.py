# Loads a library that opens files by itself.
# ends: raised
import sqlite3

sqlite3.connect('/tmp/sca_hostile.db')
