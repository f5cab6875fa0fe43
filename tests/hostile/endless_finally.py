# Goes on when it is interrupted.
# ends: timed_out
try:
    while True:
        pass
finally:
    while True:
        pass
