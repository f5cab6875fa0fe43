"""A world: the state of one episode and our tools; and the verifiers that are forked from it."""

import gc
import hashlib
import io
import json
import os
import random
import sys
import types

import _sca

from sca import ToolError, messages
from sca.tools import bind

canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def state_hash(state):
    """SHA-256 of the state as canonical JSON: 5 and 5.0 differ, the order of keys does not."""
    return hashlib.sha256(canonical(state).encode()).hexdigest()


def without_order(value):
    """A copy in which lists are sorted: states that differ in the order of a list only are equal."""
    if isinstance(value, dict):
        return {key: without_order(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((without_order(one) for one in value), key=canonical)
    return value


def prepare(tools, state, seeds):
    """The body of worlds, with all that can be made once, in the zygote."""
    verify = verifier(tools, state)

    def run():
        _sca.limit_world(False)
        while True:
            forked, request = messages.await_request()
            operation = request["op"]
            if forked:
                run_verifier(verify, state, request)
            elif operation == "call":
                answer_call(tools, state, request)
            elif operation == "hash":
                value = without_order(state) if request.get("unordered") else state
                messages.send({"op": "hash", "value": state_hash(value)})
            elif operation == "seeds":
                reply(answer_seeds(seeds, state, request["tools"]))
            elif operation == "status":
                messages.send({"op": "status", "status": _sca.status(request["pid"])})

    return run


TOO_LONG = "The result is too long for a message."


def reply(message):
    """Sends it, or says that it cannot be sent: nothing that is asked for ends a world."""
    try:
        messages.send(message)
    except (ValueError, MemoryError):
        messages.send({"op": message["op"], "ok": False, "value": TOO_LONG, "error": TOO_LONG})


def answer_call(tools, state, request):
    ok = False
    try:
        arguments = messages.decode(request["arguments"])
        if not isinstance(arguments, dict):
            raise ToolError("The arguments must be a JSON object.")
        name = request["tool"]
        if name not in tools:
            raise ToolError(f"There is no tool {name}. There are: {', '.join(tools)}.")
        _sca.limit_world(True)
        try:
            value = tools[name].call(state, arguments)
        finally:
            _sca.limit_world(False)
        ok = True
    except (ToolError, ValueError, RecursionError, MemoryError) as error:
        value = str(error) or type(error).__name__
    try:
        messages.send_result(ok, value)
    except (ValueError, MemoryError):
        messages.send_result(False, TOO_LONG)


def answer_seeds(seeds, state, names):
    """Calls that work, as code, to start a task with these tools from; none without a seeds()."""
    try:
        calls = seeds(state, random, names) if seeds else []
        if not (isinstance(calls, list) and all(isinstance(call, str) for call in calls)):
            raise TypeError("seeds() must return a list of strings")
        return {"op": "seeds", "ok": True, "calls": calls}
    except Exception as error:
        return {"op": "seeds", "ok": False, "error": messages.describe_error(error, "tools.py")}


def run_verifier(verify, state, request):
    try:
        gc.freeze()
        before = state_hash(state) if request.get("hashed") else ""
        # The state may have grown by as much as a tool may take; evaluate has as much of its own.
        _sca.confine(2)
        send = messages.send  # Not what evaluate may make of it.
        if "answers" in request:
            verdicts = [dict(verify(request["code"], answer)) for answer in request["answers"]]
            send({"op": "verdicts", "verdicts": verdicts})
        else:
            verdict = verify(request["code"], request["answer"])
            after = hash_or_nothing(state) if before else ""
            try:
                send(dict(verdict, before=before, after=after))
            except (ValueError, MemoryError):
                send(dict(verdict, outcome="output_exceeded", passed=None, calls=[],
                          error="The calls of evaluate are too long for a message."))
    finally:
        os._exit(1)


def bound(name, tool, state, verdict):
    def call(*positional, **named):
        arguments = bind(tool.description, positional, named)
        record = {"tool": name, "arguments": messages.to_json(arguments), "value": "", "error": ""}
        verdict["calls"].append(record)
        try:
            # As in a cell, nothing is shared with the state.
            record["value"] = tool.call(state, messages.decode(record["arguments"]))
        except ToolError as error:
            record["error"] = str(error)
            raise
        return messages.decode(record["value"])

    call.__name__ = call.__qualname__ = name
    return call


def hash_or_nothing(state):
    try:
        return state_hash(state)
    except BaseException:  # evaluate made it something else, or left no memory.
        return ""


def takes_answer(evaluate):
    if isinstance(evaluate, types.FunctionType):
        code = evaluate.__code__
        return code.co_argcount > 0 or bool(code.co_flags & 0x04)
    return True


def verifier(tools, state):
    """verify(code, answer), which gives a verdict's message."""
    verdict = {"op": "verdict"}  # Of the verification that runs.
    names = {name: bound(name, tool, state, verdict) for name, tool in tools.items()}
    names.update(__name__="evaluation", ToolError=ToolError)

    def verify(code, answer):
        verdict.update(outcome="", passed=None, error="", calls=[])
        verdict["outcome"], verdict["error"], verdict["passed"] = judge(code, answer, dict(names))
        return verdict

    return verify


def judge(code, answer, namespace):
    """What evaluate says: outcome, error, and the verdict or None."""
    sys.stdout = sys.stderr = io.StringIO()
    try:
        exec(compile(code, "evaluation", "exec"), namespace)
        evaluate = namespace.get("evaluate")
        if not callable(evaluate):
            raise NameError("the function evaluate is not defined")
        answer = None if answer is None else messages.decode(answer)
        verdict = evaluate(answer) if takes_answer(evaluate) else evaluate()
        if verdict is True or verdict is False:
            return "finished", "", verdict
        return "finished", f"evaluate must return True or False, not {type(verdict).__name__}", None
    except MemoryError:
        return "out_of_memory", "MemoryError: evaluate needs too much memory", None
    except BaseException as exception:
        return "raised", messages.describe_error(exception, "evaluation"), None
