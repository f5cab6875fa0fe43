# Hands a tool a number that JSON has not, past the check.
# ends: raised
import sca.messages
import sca.world

sca.messages.to_json = sca.world.to_json = lambda value: '{"value": NaN}'
echo(1)
