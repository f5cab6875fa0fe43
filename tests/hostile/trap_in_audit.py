# Refuses whatever the interpreter reports from now on.
# ends: finished | raised | protocol_error
import sys


def refuse(*_):
    raise SystemExit


sys.addaudithook(refuse)
