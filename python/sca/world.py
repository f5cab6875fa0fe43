"""A world: the state of one episode and our tools; and what verifies, the world itself or forks of it."""

import builtins
import io
import json
import random
from gc import collect
from hashlib import blake2b, sha256
from marshal import dumps
from os import _exit

from _sca import await_request, confine, execute, limit_world, status, takes_argument

from sca import ToolError
from sca.messages import decode, describe_error, receive, send, send_result, to_json
from sca.tools import bind

canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def state_hash(state):
    """SHA-256 of the state as canonical JSON: 5 and 5.0 differ, the order of keys does not."""
    return sha256(canonical(state).encode()).hexdigest()


def snapshot(state):
    """The state as bytes, in less time than a hash takes. Equal bytes are equal states, but not the
    other way round; empty where it is no plain data any more."""
    try:
        return dumps(state, 2)  # Later versions tell the same object from an equal one.
    except BaseException:  # evaluate made it something else, or left no memory.
        return b""


def fingerprint(snapshot):
    """As sure as a hash, in less than half of its time."""
    return blake2b(snapshot).digest()


def without_order(value):
    """A copy in which lists are sorted: states that differ in the order of a list only are equal."""
    if isinstance(value, dict):
        return {key: without_order(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((without_order(one) for one in value), key=canonical)
    return value


class Nowhere(io.TextIOBase):
    """Where tools and verification functions print."""

    def writable(self):
        return True

    def write(self, text):
        return len(text)


def prepare(tools, state, seeds):
    """The body of worlds, with all that can be made once, in the zygote."""
    verify, run_plain, names = verifier(tools, state)
    loaded = fingerprint(snapshot(state)), state_hash(state)

    def run():
        limit_world(False)
        written = False
        while True:
            forked, request = await_request()
            operation = request["op"]
            if forked and operation == "run":
                run_codes(run_plain, request["codes"])
            elif forked or operation == "verify":  # In the world itself: it ends with it.
                run_verifier(verify, names, state, request, loaded, written)
            elif operation == "call":
                written = answer_call(tools, state, request) or written
            elif operation == "hash":
                value = without_order(state) if request.get("unordered") else state
                send({"op": "hash", "value": state_hash(value)})
            elif operation == "seeds":
                reply(answer_seeds(seeds, state, request["tools"]))
            elif operation == "status":
                send({"op": "status", "status": status(request["pid"])})

    return run


TOO_LONG = "The result is too long for a message."


def reply(message):
    """Sends it, or says that it cannot be sent: nothing that is asked for ends a world."""
    try:
        send(message)
    except (ValueError, MemoryError):
        send({"op": message["op"], "ok": False, "value": TOO_LONG, "error": TOO_LONG})


def answer_call(tools, state, request):
    """Whether the tool may have changed the state."""
    ok = writes = False
    try:
        arguments = decode(request["arguments"])
        if not isinstance(arguments, dict):
            raise ToolError("The arguments must be a JSON object.")
        name = request["tool"]
        if name not in tools:
            raise ToolError(f"There is no tool {name}. There are: {', '.join(tools)}.")
        tool = tools[name]
        writes = tool.writes
        limit_world(True)
        try:
            value = tool.call(state, arguments)
        finally:
            limit_world(False)
        ok = True
    except (ToolError, ValueError, RecursionError, MemoryError) as error:
        value = str(error) or type(error).__name__
    try:
        send_result(ok, value)
    except (ValueError, MemoryError):
        send_result(False, TOO_LONG)
    return writes


def answer_seeds(seeds, state, names):
    """Calls that work, as code, to start a task with these tools from; none without a seeds()."""
    try:
        calls = seeds(state, random, names) if seeds else []
        if not (isinstance(calls, list) and all(isinstance(call, str) for call in calls)):
            raise TypeError("seeds() must return a list of strings")
        return {"op": "seeds", "ok": True, "calls": calls}
    except Exception as error:
        return {"op": "seeds", "ok": False, "error": describe_error(error, "tools.py")}


def run_verifier(verify, names, state, request, loaded, written):
    """`loaded`: the fingerprint and the hash of the state as it was at first; `written`: whether a
    tool that may change it was called since. Where more is to come, it goes on with the answers of
    further messages."""
    try:
        before, begun = "", b""
        if request["hashed"]:
            begun = fingerprint(snapshot(state)) if written else loaded[0]
            before = loaded[1] if begun == loaded[0] else state_hash(state)
        # The state may have grown by as much as a tool may take; evaluate has as much of its own.
        confine(2)
        say, hear, tidy = send, receive, collect  # Not what evaluate may make of them.
        code, more = request["code"], request["more"]
        if "answers" not in request:
            verdict = verify(code, request["answer"], dict(names) if more else names)
            verdict["before"] = before
            if before:
                verdict["after"] = hash_or_nothing(state, begun, before)
            try:
                say(verdict)
            except (ValueError, MemoryError):
                say(dict(verdict, outcome="output_exceeded", passed=None, calls=[],
                         error="The calls of evaluate are too long for a message."))
            request = hear() if more else None
        while request:
            verdicts = []
            for answer in request["answers"]:
                tidy()  # What those before it left in cycles.
                verdicts.append(verify(code, answer, dict(names)).copy())
            say({"op": "verdicts", "verdicts": verdicts})
            request = hear() if more else None
    finally:
        _exit(1)


def run_codes(run_plain, codes):
    """In a fork, which says what each came to: up to the first that calls a tool that may write,
    for the next one would find the state changed."""
    try:
        confine(2)
        said = []
        for code in codes:
            collect()  # What those before it left in cycles.
            result, written = run_plain(code)
            said.append(result)
            if written:
                break
        send({"op": "ran", "results": said})
    finally:
        _exit(1)


def bound(name, tool, state, verdict):
    names = list(tool.description["parameters"]["properties"])
    count = len(names)

    def call(*positional, **named):
        # bind() looks at the whole description, whose pages this process would copy.
        if named or len(positional) != count:
            arguments = bind(tool.description, positional, named)
        else:
            arguments = dict(zip(names, positional))
        record = {"tool": name, "arguments": to_json(arguments), "value": "", "error": ""}
        verdict["calls"].append(record)
        try:
            # As in a cell, nothing is shared with the state.
            record["value"] = tool.call(state, decode(record["arguments"]))
        except ToolError as error:
            record["error"] = str(error)
            raise
        return decode(record["value"])

    call.__name__ = call.__qualname__ = name
    return call


def hash_or_nothing(state, begun, before):
    """The hash of a state that had the fingerprint `begun` and the hash `before`."""
    try:
        after = snapshot(state)
        return before if after and fingerprint(after) == begun else state_hash(state)
    except BaseException:  # evaluate made it something else, or left no memory.
        return ""


def verifier(tools, state):
    """verify(code, answer, namespace), which gives a verdict's message; run_plain(code), which
    gives what a cell would say, and whether a tool was called that may write; what is in a
    namespace."""
    # Of the verification that runs. Made here, because evaluate may leave no memory for it.
    verdict = {"op": "verdict", "outcome": "", "passed": None, "error": "", "calls": [],
               "before": "", "after": ""}
    names = {name: bound(name, tool, state, verdict) for name, tool in tools.items()}
    names.update(__name__="evaluation", __builtins__=vars(builtins), ToolError=ToolError)

    def verify(code, answer, namespace):
        verdict["calls"] = []
        outcome, error, passed = "finished", "", None
        try:
            execute(code, "evaluation", namespace)
            if "evaluate" not in namespace or not callable(namespace["evaluate"]):
                raise NameError("the function evaluate is not defined")
            evaluate = namespace["evaluate"]
            answer = None if answer is None else decode(answer)
            said = evaluate(answer) if takes_argument(evaluate) else evaluate()
            if said is True or said is False:
                passed = said
            else:
                error = f"evaluate must return True or False, not {type(said).__name__}"
        except MemoryError:
            outcome, error = "out_of_memory", "MemoryError: evaluate needs too much memory"
        except BaseException as exception:
            outcome, error = "raised", describe_error(exception, "evaluation")
        verdict["outcome"], verdict["error"], verdict["passed"] = outcome, error, passed
        return verdict

    def run_plain(code):
        verdict["calls"] = calls = []
        result = {"outcome": "finished", "calls": calls}
        namespace = dict(names, __name__="__main__")
        try:
            execute(code, "code", namespace)
            if namespace.get("answer") is not None:
                result["answer"] = to_json(namespace["answer"])
        except MemoryError:
            result["outcome"] = "out_of_memory"
        except BaseException as exception:
            result["outcome"], result["error"] = "raised", describe_error(exception, "code")
        return result, any(tools[call["tool"]].writes for call in calls)

    return verify, run_plain, names
