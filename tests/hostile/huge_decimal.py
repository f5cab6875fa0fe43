# Computes with a billion decimal places.
# ends: out_of_memory | timed_out | raised
import decimal

decimal.getcontext().prec = 10 ** 9
decimal.Decimal(3) ** decimal.Decimal('123456789.123456789')
