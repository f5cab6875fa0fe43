# Doubles a text until nothing is left.
# ends: out_of_memory
text = 'a'
while True:
    text += text
