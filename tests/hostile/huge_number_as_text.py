# Makes a huge number into text.
# ends: raised
len(str(10 ** 5000))
