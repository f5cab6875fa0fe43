# Makes a fraction of an exponent.
# ends: timed_out | out_of_memory
import fractions

fractions.Fraction('1e1000000000')
