"""A cell: runs an agent's code across turns. Its tools are stubs that ask the host."""

import ast
import difflib
import gc
import io
import os
import re
import sys

import _sca

from sca import ToolError, messages
from sca.tools import bind


class Output(io.TextIOBase):
    """What is printed, up to a limit; more ends the process, whatever the code would catch."""

    def __init__(self, turn, bytes_max):
        self.turn = turn
        self.parts = []
        self.left = bytes_max

    def writable(self):
        return True

    def write(self, text):
        size = len(text.encode("utf-8", "replace"))
        self.parts.append(text if size <= self.left else text[: self.left])
        self.left -= size
        if self.left < 0:
            messages.send(dict(EMPTY_RESULT, turn=self.turn, outcome="output_exceeded",
                               output=self.text(), error="The code printed too much."))
            os._exit(0)
        return len(text)

    def text(self):
        return "".join(self.parts)


EMPTY_RESULT = {"op": "ran", "turn": 0, "outcome": "finished", "output": "", "error": "",
                "answer": None, "redefined": []}


def stub_of(description):
    name = description["name"]

    def stub(*positional, **named):
        arguments = bind(description, positional, named)
        messages.send({"op": "call", "tool": name, "arguments": messages.to_json(arguments)})
        reply = messages.receive()
        if reply["ok"]:
            return messages.decode(reply["value"])
        raise ToolError(reply["value"])

    stub.__name__ = stub.__qualname__ = name
    stub.__doc__ = description["description"]
    return stub


def prepare(descriptions, output_bytes):
    """The body of cells whose stubs are made once, in the zygote."""
    stubs = {description["name"]: stub_of(description) for description in descriptions}
    tool_names = ToolNames(stubs)

    def run():
        _sca.confine(1)
        namespace = None
        while True:
            request = messages.receive()
            if namespace is None or request["fresh"]:
                if namespace is not None:
                    namespace = None
                    gc.collect()  # What the code before it left in cycles.
                namespace = dict(stubs, __name__="__main__", ToolError=ToolError)
            messages.send(run_code(request, namespace, tool_names, output_bytes))

    return run


class ToolNames:
    def __init__(self, names):
        self.all = tuple(names)
        self.may_bind = re.compile(rf"\b(?:def|class)\b|\b(?:{'|'.join(names)})\b(?!\()").search

    def bound_by(self, code, tree):
        """Those that the code binds anew. Most code only calls them: its text tells so faster."""
        if code.isascii() and not self.may_bind(code):
            return []
        return sorted(names_bound(tree).intersection(self.all))


def names_bound(tree):
    """Names that the code binds: by assignment, import, def, class, argument or deletion."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            names.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    return names


def describe(exception, tool_names):
    text = messages.describe_error(exception, "code")
    try:
        name = exception.name if isinstance(exception, NameError) else None
        near = difflib.get_close_matches(name, tool_names, 1) if type(name) is str else []
    except BaseException:  # The exception is the code's own.
        near = []
    return f"{text}. Did you mean {near[0]}?" if near else text


def take_answer(namespace, result):
    answer = None
    try:
        answer = namespace.get("answer")
        if answer is not None:
            result["answer"] = messages.to_json(answer)
    except BaseException as exception:
        kind, why = messages.name_of(type(answer)), messages.name_of(type(exception))
        result["error"] = result["error"] or (
            f"answer must be plain data (numbers, text, lists, dicts), not {kind}: {why}")


def run_code(request, namespace, tool_names, output_bytes):
    output = Output(request["turn"], output_bytes)
    result = dict(EMPTY_RESULT, turn=request["turn"])
    sys.stdout = sys.stderr = output
    try:
        tree = ast.parse(request["code"], "code")
        result["redefined"] = tool_names.bound_by(request["code"], tree)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "code", "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "code", "eval"), namespace)
            if value is not None:
                print(repr(value))
    except MemoryError:
        result["outcome"] = "out_of_memory"
        result["error"] = "MemoryError: the code needs too much memory"
    except BaseException as exception:
        result["outcome"] = "raised"
        result["error"] = describe(exception, tool_names.all)
    result["output"] = output.text()
    take_answer(namespace, result)
    return result
