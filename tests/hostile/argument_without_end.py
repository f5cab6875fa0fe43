# Hands a tool a mapping that never ends.
# ends: out_of_memory | timed_out | raised
import itertools


class Endless(dict):
    def items(self):
        return zip(itertools.count(), itertools.count())


echo(Endless(a=1))
