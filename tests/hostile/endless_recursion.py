# Recurses beyond the stack.
# ends: out_of_memory | killed | timed_out | raised
import sys

sys.setrecursionlimit(10 ** 9)


def deeper():
    deeper()


deeper()
