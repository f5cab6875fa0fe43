# Hands a tool something that is no plain value.
# ends: raised
note({1, 2})
