"""What children will do, done in the zygote before there are any.

CPython adapts code to what it meets in its first runs, and remembers where it found a name. Until
then code writes to itself and counts the names that it looks up, and each page that a child writes
is copied for it. What has been rehearsed is inherited.
"""

import sys

import _sca

from sca import parts, read
from sca.cell import ToolNames, run_code
from sca.messages import decode, send
from sca.tools import Tool
from sca.world import answer_call, verifier

TIMES = 40  # CPython adapts code after 8 runs, and tries what it finds unfit a few times more.

CALL = '{"op": "call", "tool": "look", "arguments": "{\\"index\\": 0}"}'
EVALUATE = "def evaluate(answer):\n    return answer == look(0) + look(1)\n"
CALLS = "answer = look(0) + look(1)\n"
CODE = {"turn": 1, "code": "first = 1\nanswer = [first, str(first)]\nprint(answer)\n"}


@read
def look(state, index: int) -> float:
    """A tool that no environment has."""
    return index + 0.5


def rehearse():
    """Calls, verifications and a cell's code, without a state; nothing is sent, nothing limited."""
    tools = {"look": Tool("look", look)}
    verify, run_plain, names = verifier(tools, {})
    tool_names = ToolNames(tools)
    streams = sys.stdout, sys.stderr
    _sca.rehearse(True)
    try:
        for _ in range(TIMES):
            answer_call(tools, {}, decode(CALL))
            send(verify(EVALUATE, "2.0", dict(names)))
            send(run_code(CODE, {}, tool_names, 1000))
            run_plain(CALLS)
            parts.check([["evaluate", EVALUATE], ["solution", CODE["code"]]], True, dict(names))
    finally:
        sys.stdout, sys.stderr = streams
        _sca.rehearse(False)
