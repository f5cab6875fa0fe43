# Starts a program through the module under subprocess.
# ends: raised
import _posixsubprocess

_posixsubprocess.fork_exec(
    [b'/bin/true'], [b'/bin/true'], True, (), None, None, -1, -1, -1, -1, -1, -1, -1, -1, False,
    False, 0, None, None, None, -1, None, True)
raise OSError('it is said to have worked')
