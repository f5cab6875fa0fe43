# Has text take eighteen times its length when it is normalised.
# ends: out_of_memory
import unicodedata

unicodedata.normalize('NFKD', '\ufdfa' * (1 << 22))
