"""What a tools.py needs: mark functions as tools, and tell an agent why a call failed.

    from sca import read, write, ToolError

A tool takes the state first; the rest of its signature, its types and its docstring are what an
agent sees. `read` tools look, `write` tools change the state.
"""


class ToolError(Exception):
    """A call that cannot be done. Its text is what the agent reads, so let it say what would work."""


def read(function):
    function.sca_kind = "read"
    return function


def write(function):
    function.sca_kind = "write"
    return function
