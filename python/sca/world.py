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


def run(tools, state, seeds, limits):
    _sca.limit_world(limits["memory_bytes"], False)
    while True:
        forked, request = messages.await_request()
        operation = request["op"]
        if forked:
            run_verifier(tools, state, request, limits)
        elif operation == "call":
            reply(answer_call(tools, state, request, limits))
        elif operation == "hash":
            messages.send({"op": "hash", "value": state_hash(state)})
        elif operation == "seeds":
            reply(answer_seeds(seeds, state, request["tools"]))
        elif operation == "status":
            messages.send({"op": "status", "status": _sca.status(request["pid"])})


def reply(message):
    """Sends it, or says that it cannot be sent: nothing that is asked for ends a world."""
    try:
        messages.send(message)
    except (ValueError, MemoryError):
        words = "The result is too long for a message."
        messages.send({"op": message["op"], "ok": False, "value": words, "error": words})


def answer_call(tools, state, request, limits):
    try:
        arguments = messages.decode(request["arguments"])
        if not isinstance(arguments, dict):
            raise ToolError("The arguments must be a JSON object.")
        name = request["tool"]
        if name not in tools:
            raise ToolError(f"There is no tool {name}. There are: {', '.join(tools)}.")
        _sca.limit_world(limits["memory_bytes"], True)
        try:
            value = tools[name].call(state, arguments)
        finally:
            _sca.limit_world(limits["memory_bytes"], False)
        return {"op": "result", "ok": True, "value": value}
    except (ToolError, ValueError, RecursionError, MemoryError) as error:
        return {"op": "result", "ok": False, "value": str(error) or type(error).__name__}


def answer_seeds(seeds, state, names):
    """Calls that work, as code, to start a task with these tools from; none without a seeds()."""
    try:
        calls = seeds(state, random, names) if seeds else []
        if not (isinstance(calls, list) and all(isinstance(call, str) for call in calls)):
            raise TypeError("seeds() must return a list of strings")
        return {"op": "seeds", "ok": True, "calls": calls}
    except Exception as error:
        return {"op": "seeds", "ok": False, "error": messages.describe_error(error, "tools.py")}


def run_verifier(tools, state, request, limits):
    try:
        gc.freeze()
        # The state may have grown by as much as a tool may take; evaluate has as much of its own.
        before = state_hash(state) if request.get("hashed") else ""
        _sca.confine(2 * limits["memory_bytes"], limits["cpu_seconds"])
        send = messages.send  # Not what evaluate may make of it.
        if "answers" in request:
            verdicts = [verify(tools, state, dict(request, answer=answer))
                        for answer in request["answers"]]
            send({"op": "verdicts", "verdicts": verdicts})
        else:
            verdict = verify(tools, state, request)
            after = hash_or_nothing(state) if before else ""
            try:
                send(dict(verdict, before=before, after=after))
            except (ValueError, MemoryError):
                send(dict(verdict, outcome="output_exceeded", passed=None, calls=[],
                          error="The calls of evaluate are too long for a message."))
    finally:
        os._exit(1)


def bound(name, tool, state, calls):
    def call(*positional, **named):
        arguments = bind(tool.description, positional, named)
        record = {"tool": name, "arguments": messages.to_json(arguments), "value": "", "error": ""}
        calls.append(record)
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


def verify(tools, state, request):
    calls = []
    namespace = {name: bound(name, tool, state, calls) for name, tool in tools.items()}
    namespace.update(__name__="evaluation", ToolError=ToolError)
    sys.stdout = sys.stderr = io.StringIO()
    outcome, error, passed = "finished", "", None
    try:
        exec(compile(request["code"], "evaluation", "exec"), namespace)
        evaluate = namespace.get("evaluate")
        if not callable(evaluate):
            raise NameError("the function evaluate is not defined")
        answer = None if request["answer"] is None else messages.decode(request["answer"])
        verdict = evaluate(answer) if takes_answer(evaluate) else evaluate()
        if verdict is True or verdict is False:
            passed = verdict
        else:
            error = f"evaluate must return True or False, not {type(verdict).__name__}"
    except MemoryError:
        outcome, error = "out_of_memory", "MemoryError: evaluate needs too much memory"
    except BaseException as exception:
        outcome, error = "raised", messages.describe_error(exception, "evaluation")
    return {"op": "verdict", "outcome": outcome, "passed": passed, "error": error, "calls": calls}
