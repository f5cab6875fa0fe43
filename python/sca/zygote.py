"""The zygote: loads an environment once (or only the stubs of its tools) and forks children of it.

It never runs code of a model. See src/sandbox/zygote.h and docs/ARCHITECTURE.md section 3.
"""

import gc
import importlib.util
import os
import random
import sys

import _sca

# Their plain twins do the same without big libraries, which every fork would carry along.
sys.modules["_hashlib"] = sys.modules["_uuid"] = None

from sca import cell, messages, world
from sca.tools import tools_of


def preload():
    """What worlds and model code may import: there are no files any more once children run."""
    import ast, base64, bisect, calendar, cmath, collections, contextlib, copy, csv, dataclasses
    import datetime, decimal, difflib, enum, fractions, functools, hashlib, heapq, html, inspect
    import itertools, json, math, numbers, operator, pprint, re, secrets, statistics, string
    import struct, textwrap, time, traceback, types, typing, unicodedata, urllib.parse, uuid
    import _strptime, encodings.ascii, encodings.idna, encodings.latin_1, linecache, warnings

    datetime.datetime.strptime("2020", "%Y")
    time.localtime()


def load_tools(folder):
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("tools", os.path.join(folder, "tools.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["tools"] = module
    spec.loader.exec_module(module)
    if not callable(getattr(module, "load_state", None)):
        raise AttributeError("tools.py must define load_state(), which returns the state")
    state = module.load_state()
    world.state_hash(state)  # A state that is not plain data is refused here, not in an episode.
    return tools_of(module), state, getattr(module, "seeds", None)


def prepare(start):
    """Loads what children inherit; gives the bodies of the two kinds of children."""
    limits = start["limits"]
    preload()
    if start["folder"]:
        tools, state, seeds = load_tools(start["folder"])
        descriptions = [tool.description for tool in tools.values()]
    else:
        tools, state, seeds, descriptions = {}, None, None, start.get("stubs", [])
    bodies = {
        "world": lambda: world.run(tools, state, seeds, limits),
        "cell": cell.prepare(descriptions, limits),
    }
    return bodies, descriptions


def begin_child(kind, seed):
    """Random numbers, clock and entropy of a child: a function of the seed."""
    _sca.fix_clock(seed)
    random.seed(2 * seed + (kind == "cell"))
    gc.enable()


def main():
    gc.disable()
    start = messages.receive()
    try:
        bodies, descriptions = prepare(start)
    except BaseException as error:
        messages.send({"op": "failed", "error": messages.describe_error(error, "tools.py")})
        return
    gc.collect()
    gc.freeze()
    _sca.seal()
    limits = start["limits"]
    facts = _sca.isolation(limits["memory_bytes"], limits["cpu_seconds"])
    messages.send({"op": "ready", "tools": descriptions, "isolation": facts})
    while True:
        forked, request = messages.await_request()
        if forked:
            run_child(bodies[request["kind"]], request)
        elif request["op"] == "status":
            messages.send({"op": "status", "status": _sca.status(request["pid"])})
        elif request["op"] == "fork_floor":
            forks = _sca.fork_floor(request["count"])
            messages.send({"op": "fork_floor", "microseconds": forks})


def run_child(body, request):
    try:
        begin_child(request["kind"], request["seed"])
        body()
    finally:
        os._exit(1)
