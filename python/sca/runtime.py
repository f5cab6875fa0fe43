"""What runs inside the zygotes, worlds, cells and verifiers of sca (see src/sandbox/zygote.h).

Processes talk in frames: four bytes of length (little endian), then a JSON object. Values of tools
and answers travel as JSON text inside strings, so that nobody between two Pythons converts them.
"""

import ast
import gc
import hashlib
import importlib.util
import inspect
import io
import json
import os
import random
import socket
import struct
import sys
import time

import _sca  # Built into sca-zygote: confine(), empty_root(), isolation().

from sca import ToolError

FRAME_BYTES_MAX = 8 << 20
FIXED_TIME = 1_700_000_000.0  # What every world and cell takes for now.


def to_json(value):
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


class Channel:
    """Frames over a stream socket; a descriptor may come with a frame."""

    def __init__(self, descriptor):
        self.socket = socket.socket(fileno=descriptor)

    def send(self, message, descriptor=None):
        body = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
        frame = struct.pack("<I", len(body)) + body
        if descriptor is None:
            self.socket.sendall(frame)
        else:
            socket.send_fds(self.socket, [frame], [descriptor])
            os.close(descriptor)

    def receive(self, with_descriptor=False):
        """The next frame, and a descriptor or -1; ends the process where the host has gone."""
        descriptor = -1
        if with_descriptor:
            head, descriptors, _, _ = socket.recv_fds(self.socket, 4, 1)
            if descriptors:
                descriptor = descriptors[0]
            if head and len(head) < 4:
                head += self.exactly(4 - len(head))
        else:
            head = self.exactly(4)
        if not head:
            os._exit(0)
        (size,) = struct.unpack("<I", head)
        return json.loads(self.exactly(size)), descriptor

    def exactly(self, size):
        data = bytearray()
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                os._exit(0)
            data += part
        return bytes(data)


# ---- The zygote: loads an environment once and forks children ----------------------------------


def load_tools(folder):
    spec = importlib.util.spec_from_file_location("tools", os.path.join(folder, "tools.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["tools"] = module
    spec.loader.exec_module(module)
    tools = {}
    for name, function in vars(module).items():
        if getattr(function, "sca_kind", None) in ("read", "write"):
            tools[name] = Tool(name, function)
    return tools, module.load_state()


SCHEMA_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array",
                dict: "object"}


def schema_of(annotation):
    origin = getattr(annotation, "__origin__", None)
    if origin is list:
        return {"type": "array", "items": schema_of(annotation.__args__[0])}
    name = SCHEMA_TYPES.get(origin or annotation)
    return {"type": name} if name else {}


class Tool:
    """A function of tools.py without its state: its description, and how it is called."""

    def __init__(self, name, function):
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())[1:]
        self.name = name
        self.function = function
        self.description = {
            "name": name,
            "description": inspect.getdoc(function) or "",
            "parameters": {
                "type": "object",
                "properties": {p.name: schema_of(p.annotation) for p in parameters},
                "required": [p.name for p in parameters if p.default is p.empty],
            },
            "writes": function.sca_kind == "write",
            "signature": name + str(signature.replace(parameters=parameters)),
        }


def bind(description, positional, named):
    """Arguments by name, as a call with these would bind them; TypeError where it cannot."""
    names = list(description["parameters"]["properties"])
    call = description["signature"]
    if len(positional) > len(names):
        raise TypeError(f"too many arguments; it is {call}")
    arguments = dict(zip(names, positional))
    for name, value in named.items():
        if name not in names or name in arguments:
            raise TypeError(f"unexpected argument {name!r}; it is {call}")
        arguments[name] = value
    missing = [n for n in description["parameters"]["required"] if n not in arguments]
    if missing:
        raise TypeError(f"missing argument {missing[0]!r}; it is {call}")
    return arguments


def call_tool(tools, state, name, arguments):
    """The result as JSON text; an exception whose text the agent may read."""
    tool = tools.get(name)
    if tool is None:
        raise ToolError(f"There is no function {name}.")
    try:
        return to_json(tool.function(state, **bind(tool.description, (), arguments)))
    except ToolError:
        raise
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError, LookupError) as error:
        raise ToolError(f"{name} failed: {type(error).__name__}: {error}") from None


def preload():
    """What worlds and model code may import: there are no files any more once children run."""
    import base64, bisect, collections, copy, dataclasses, datetime, decimal, enum, fractions
    import functools, heapq, itertools, math, operator, re, statistics, string, textwrap, typing
    import _strptime, encodings.idna, linecache, uuid, traceback, warnings

    datetime.datetime.strptime("2020", "%Y")


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass


def fork_child(descriptor, body):
    """Forks a child that runs body(Channel) and ends with it; a pidfd of it for the host."""
    pid = os.fork()
    if pid == 0:
        try:
            _sca.keep_only(descriptor)
            body(Channel(descriptor))
        finally:
            os._exit(1)
    os.close(descriptor)
    return os.pidfd_open(pid)


def canary(limits):
    """What a confined child can still do that it must not: an empty list."""
    attempts = {
        "open a file": lambda: open("/etc/passwd").close(),
        "stat a file": lambda: os.stat("/usr"),
        "make a socket": lambda: socket.socket(),
        "fork": os.fork,
        "signal": lambda: os.kill(1, 0),
    }
    reader, writer = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            _sca.confine(writer.fileno(), limits["memory_bytes"], 5)
            done = []
            for what, attempt in attempts.items():
                try:
                    attempt()
                    done.append(what)
                except OSError:
                    pass
            writer.sendall(json.dumps(done).encode())
        finally:
            os._exit(0)
    writer.close()
    answer = reader.recv(4096)
    reader.close()
    os.waitpid(pid, 0)
    return json.loads(answer) if answer else ["end before it could be tested"]


def zygote():
    channel = Channel(3)
    start, _ = channel.receive()
    try:
        tools, state = load_tools(start["folder"]) if start["folder"] else ({}, None)
        preload()
    except BaseException as error:
        channel.send({"op": "failed", "error": describe_error(error, "tools.py")})
        os._exit(0)
    _sca.empty_root()
    limits = start["limits"]
    gc.collect()
    gc.freeze()
    channel.send({"op": "ready", "tools": [t.description for t in tools.values()],
                  "isolation": dict(_sca.isolation(), leaks=canary(limits))})
    while True:
        request, descriptor = channel.receive(with_descriptor=True)
        reap()
        bodies = {
            "world": lambda own: world(own, tools, state, request["seed"], limits),
            "cell": lambda own: cell(own, request["seed"], limits),
        }
        channel.send({"op": "forked"}, fork_child(descriptor, bodies[request["kind"]]))


def make_deterministic(seed):
    random.seed(seed)
    source = random.Random(f"entropy {seed}")
    os.urandom = source.randbytes
    time.time = lambda: FIXED_TIME
    time.time_ns = lambda: int(FIXED_TIME * 1e9)


# ---- A world: the state of one episode, and our tools ------------------------------------------


def state_hash(state):
    text = json.dumps(state, sort_keys=True, ensure_ascii=False, default=repr)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def world(channel, tools, state, seed, limits):
    make_deterministic(seed)
    while True:
        request, descriptor = channel.receive(with_descriptor=True)
        reap()
        if request["op"] == "call":
            channel.send(answer_call(tools, state, request))
        elif request["op"] == "hash":
            channel.send({"op": "hash", "value": state_hash(state)})
        elif request["op"] == "verify":
            body = lambda own: verifier(own, tools, state, request, limits)
            channel.send({"op": "forked"}, fork_child(descriptor, body))


def answer_call(tools, state, request):
    try:
        arguments = json.loads(request["arguments"])
        if not isinstance(arguments, dict):
            raise ToolError("The arguments must be a JSON object.")
        return {"op": "result", "ok": True,
                "value": call_tool(tools, state, request["tool"], arguments)}
    except (ToolError, ValueError, RecursionError) as error:
        return {"op": "result", "ok": False, "value": str(error)}


# ---- A verifier: evaluate() in a fork of the world ---------------------------------------------


def verifier(channel, tools, state, request, limits):
    _sca.confine(channel.socket.fileno(), limits["memory_bytes"], limits["cpu_seconds"])
    calls = []

    def bound(name, tool):
        def call(*positional, **named):
            arguments = bind(tool.description, positional, named)
            text = call_tool(tools, state, name, arguments)
            calls.append({"tool": name, "arguments": to_json(arguments), "value": text})
            return json.loads(text)

        return call

    hashed = request["hashed"]
    before = state_hash(state) if hashed else ""
    namespace = {name: bound(name, tool) for name, tool in tools.items()}
    namespace["__name__"] = "evaluation"
    sys.stdout = sys.stderr = io.StringIO()
    outcome, error, passed = "finished", "", None
    try:
        exec(compile(request["code"], "evaluation", "exec"), namespace)
        evaluate = namespace.get("evaluate")
        if not callable(evaluate):
            raise NameError("the function evaluate is not defined")
        answer = None if request["answer"] is None else json.loads(request["answer"])
        verdict = evaluate(answer) if inspect.signature(evaluate).parameters else evaluate()
        if verdict is True or verdict is False:
            passed = verdict
        else:
            error = f"evaluate must return True or False, not {type(verdict).__name__}"
    except MemoryError:
        outcome, error = "out_of_memory", "MemoryError"
    except BaseException as exception:
        outcome, error = "raised", describe_error(exception, "evaluation")
    after = state_hash(state) if hashed else ""
    channel.send({"op": "verdict", "outcome": outcome, "passed": passed, "error": error,
                  "calls": calls, "before": before, "after": after})


# ---- A cell: an agent's code, across turns -----------------------------------------------------


class LimitedOutput(io.TextIOBase):
    """Keeps what is printed, up to a limit; what follows is dropped and noted."""

    def __init__(self, bytes_max):
        self.parts = []
        self.left = bytes_max
        self.exceeded = False

    def writable(self):
        return True

    def write(self, text):
        if len(text) > self.left:
            self.exceeded = True
            text = text[: self.left]
        self.left -= len(text)
        self.parts.append(text)
        return len(text)


def describe_error(error, file):
    """One line: where in `file`, which exception, its text."""
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if os.path.basename(trace.tb_frame.f_code.co_filename) == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:
        text = ""
    where = f"line {line}: " if line else ""
    return f"{where}{type(error).__name__}: {text}"[:1000]


def names_bound(tree):
    """Names that a module binds at its top level or by import, def and class anywhere."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            names.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
    return names


def stub_of(channel, description):
    name = description["name"]

    def stub(*positional, **named):
        arguments = bind(description, positional, named)
        channel.send({"op": "call", "tool": name, "arguments": to_json(arguments)})
        reply, _ = channel.receive()
        if reply["ok"]:
            return json.loads(reply["value"])
        raise ToolError(reply["value"])

    stub.__name__ = name
    stub.__doc__ = description["description"]
    return stub


def cell(channel, seed, limits):
    make_deterministic(seed)
    _sca.confine(channel.socket.fileno(), limits["memory_bytes"], limits["cpu_seconds"])
    namespace = {"__name__": "__main__", "ToolError": ToolError}
    tool_names = set()
    while True:
        request, _ = channel.receive()
        if request["op"] == "tools":
            for description in request["tools"]:
                tool_names.add(description["name"])
                namespace[description["name"]] = stub_of(channel, description)
        else:
            channel.send(run_code(request["code"], namespace, tool_names, limits["output_bytes"]))


def run_code(source, namespace, tool_names, output_bytes):
    output = LimitedOutput(output_bytes)
    outcome, error, redefined = "finished", "", []
    sys.stdout = sys.stderr = output
    try:
        tree = ast.parse(source, "code")
        redefined = sorted(names_bound(tree) & tool_names)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "code", "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "code", "eval"), namespace)
            if value is not None:
                print(repr(value))
    except MemoryError:
        outcome, error = "out_of_memory", "MemoryError: the code needs too much memory"
    except BaseException as exception:
        outcome, error = "raised", describe_error(exception, "code")
    if output.exceeded:
        outcome, error = "output_exceeded", "The code printed too much."
    answer = None
    if namespace.get("answer") is not None:
        try:
            answer = to_json(namespace["answer"])
        except BaseException as exception:
            error = error or f"answer is not plain data: {type(exception).__name__}"
    return {"op": "ran", "outcome": outcome, "output": "".join(output.parts), "error": error,
            "answer": answer, "redefined": redefined}
