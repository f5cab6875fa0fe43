"""The built program `sca`, started from tests: where it is, and what it said and how it ended."""

import os
import pathlib
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("SCA_PROGRAM", PROJECT / "build" / "release" / "sca"))


def run_sca(*arguments, timeout_seconds=120, within=(), **variables):
    """A finished `sca ARGUMENTS`; `within` is a command that starts it, for example unshare."""
    return subprocess.run([*map(str, within), str(PROGRAM), *map(str, arguments)], cwd=PROJECT,
                          capture_output=True, text=True, timeout=timeout_seconds,
                          env={**os.environ, **variables})
