# Runs source text with a zero byte.
# ends: raised
exec('1\0')
