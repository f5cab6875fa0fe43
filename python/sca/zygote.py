"""The zygote: loads an environment once (or only the stubs of its tools) and forks children of it.

It never runs code of a model. See src/sandbox/zygote.h and docs/ARCHITECTURE.md section 3.
"""

import gc
import importlib.util
import os
import random
import sys

import _sca
from _sca import await_request, begin_child

# Their plain twins do the same without libraries, whose mappings every fork would carry along.
sys.modules["_hashlib"] = sys.modules["_uuid"] = sys.modules["_typing"] = None

from sca import messages, world, cell  # What all children touch comes first and lies together.
from sca import rehearsal
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


def import_tools(folder):
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("tools", os.path.join(folder, "tools.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules["tools"] = module
    spec.loader.exec_module(module)
    if not callable(getattr(module, "load_state", None)):
        raise AttributeError("tools.py must define load_state(), which returns the state")
    return module


def prepare(start):
    """Loads what children inherit; gives the bodies of the two kinds of children."""
    preload()
    tools, state, seeds, descriptions = {}, None, None, start.get("stubs", [])
    if start["folder"]:
        module = import_tools(start["folder"])
        tools = tools_of(module)
        seeds = getattr(module, "seeds", None)
        descriptions = [tool.description for tool in tools.values()]
        state = module.load_state()
        sys.stdout = sys.stderr = world.Nowhere()
    bodies = {
        # A state that is not plain data is refused here, not in an episode.
        "world": world.prepare(tools, state, seeds),
        "cell": cell.prepare(descriptions, start["limits"]["output_bytes"]),
    }
    rehearsal.rehearse()
    return bodies, descriptions


# As random.seed(number) does it, without what else it looks at.
seed_random = super(random.Random, random._inst).seed


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
    limits = start["limits"]
    _sca.seal(limits["memory_bytes"], limits["cpu_seconds"])
    messages.send({"op": "ready", "tools": descriptions, "isolation": _sca.isolation()})
    gc.collect()  # CPython forgets what it keeps for new objects: pages that children would copy.
    while True:
        forked, request = await_request()
        if forked:  # Written out: a child copies the pages of each function that it goes through.
            try:
                # Random numbers, clock and entropy are a function of the seed.
                begin_child(request["seed"])
                seed_random(2 * request["seed"] + (request["kind"] == "cell"))
                bodies[request["kind"]]()
            finally:
                os._exit(1)
        elif request["op"] == "status":
            messages.send({"op": "status", "status": _sca.status(request["pid"])})
        elif request["op"] == "fork_floor":
            forks = _sca.fork_floor(request["count"])
            messages.send({"op": "fork_floor", "microseconds": forks})
