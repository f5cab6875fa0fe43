# Hands a tool a number that JSON has not, past the check.
# ends: raised
# as evaluate: finished | raised
import sca.messages

sca.messages.to_json = lambda value: '{"value": NaN}'
echo(1)
