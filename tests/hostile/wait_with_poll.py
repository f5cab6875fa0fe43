# Waits for a message that nobody sends.
# ends: timed_out
import select

waiting = select.poll()
waiting.register(0, 0)
waiting.poll()
