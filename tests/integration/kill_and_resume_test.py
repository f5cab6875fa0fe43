#!/usr/bin/env python3
"""A run that is killed again and again ends with the tasks, rewards and losses of one that is not.

tiny.toml is played twice: undisturbed, and killed (SIGKILL) before, between and after its waves, at
a moment that differs each time, and resumed. The two databases are then compared number for number.
"""

import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from program import PROGRAM, PROJECT

KILLS_MAX = 9
RECIPE = PROJECT / "tests" / "integration" / "tiny.toml"
# Threads that wait must not take the processor from others: several tests may run at once.
SURROUNDINGS = {**os.environ, "GOMP_SPINCOUNT": "1000"}


class Database:
    """What a run has stored so far; also beside a process that is writing."""

    def __init__(self, run):
        self.file = run / "run.db"

    def rows(self, query):
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30) as connection:
            return connection.execute(query).fetchall()

    def waves(self):
        """The number of committed waves; 0 where there is no table yet."""
        try:
            return self.rows("SELECT count(*) FROM wave")[0][0]
        except sqlite3.OperationalError:
            return 0


def without_times(value):
    """The same JSON without what a clock measured."""
    if isinstance(value, dict):
        return {key: without_times(inner) for key, inner in value.items()
                if key not in ("seconds", "milliseconds")}
    if isinstance(value, list):
        return [without_times(inner) for inner in value]
    return value


def children_of(pid):
    lists = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for children in lists for child in children.read_text().split()]


def is_alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class KillAndResumeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.whole = pathlib.Path(folder.name) / "whole"
        cls.killed = pathlib.Path(folder.name) / "killed"
        begun = time.monotonic()
        cls.finish(cls.start("run", RECIPE, "--run-dir", cls.whole))
        cls.waves = Database(cls.whole).waves()
        cls.kills = 0
        cls.orphans = []
        cls.play_with_kills((time.monotonic() - begun) / cls.waves)

    @staticmethod
    def start(*arguments):
        return subprocess.Popen([PROGRAM, *map(str, arguments), "--quiet"], cwd=PROJECT,
                                env=SURROUNDINGS, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    @classmethod
    def finish(cls, process):
        _, messages = process.communicate(timeout=600)
        if process.returncode != 0:
            raise AssertionError(f"sca ended with {process.returncode}: {messages}")

    @classmethod
    def play_with_kills(cls, seconds_a_wave):
        moments = random.Random(1)
        cls.planned = sorted({cls.waves * kill // KILLS_MAX for kill in range(KILLS_MAX)})
        for waves in cls.planned:
            resuming = (cls.killed / "recipe.toml").exists()
            process = (cls.start("resume", cls.killed) if resuming
                       else cls.start("run", RECIPE, "--run-dir", cls.killed))
            while process.poll() is None and Database(cls.killed).waves() < waves:
                time.sleep(0.02)
            time.sleep(moments.uniform(0, 0.8) * seconds_a_wave)
            cls.kill(process)
        cls.finish(cls.start("resume", cls.killed))

    @classmethod
    def kill(cls, process):
        children = children_of(process.pid) if process.poll() is None else []
        process.kill()
        _, messages = process.communicate()
        if process.returncode == -signal.SIGKILL:
            cls.kills += 1
        elif process.returncode != 0:
            raise AssertionError(f"sca ended with {process.returncode}: {messages}")
        give_up = time.monotonic() + 10
        while any(map(is_alive, children)) and time.monotonic() < give_up:
            time.sleep(0.05)
        cls.orphans += filter(is_alive, children)

    def expect_same(self, query, run=None):
        """The database of `run` (the killed one) answers as the undisturbed one, and not with nothing."""
        def answer(run):
            return [tuple(without_times(json.loads(cell)) if str(cell).startswith("{") else cell
                          for cell in row) for row in Database(run).rows(query)]
        whole, killed = answer(self.whole), answer(run or self.killed)
        self.assertTrue(whole, "the run did nothing of this kind, so the test shows nothing")
        self.assertEqual(len(whole), len(killed))
        for expected, found in zip(whole, killed):
            self.assertEqual(expected, found)

    def test_the_run_was_killed_many_times(self):
        self.assertGreaterEqual(len(self.planned), 8)
        self.assertGreaterEqual(self.kills, len(self.planned) - 1)  # The last may come too late.

    def test_no_process_outlives_a_killed_run(self):
        self.assertEqual(self.orphans, [])

    def test_the_same_waves_were_committed(self):
        self.expect_same("SELECT kind, iteration, wave FROM wave ORDER BY 1, 2, 3")

    def test_the_same_tasks_were_written_and_judged_alike(self):
        self.expect_same("SELECT content FROM candidate ORDER BY iteration, position")

    def test_some_tasks_were_accepted(self):
        self.expect_same("SELECT position FROM candidate WHERE fate = 'accepted' ORDER BY 1")

    def test_the_same_episodes_were_played_token_for_token_with_the_same_rewards(self):
        self.expect_same("SELECT content, reward, tokens, by_agent, logprobs FROM trajectory "
                         "ORDER BY iteration, purpose, position")

    def test_some_episodes_succeeded_and_some_failed(self):
        for reward in ("1.0", "0.0"):
            self.expect_same(f"SELECT iteration, purpose, position FROM trajectory WHERE reward = "
                             f"{reward} ORDER BY 1, 2, 3")

    def test_the_same_losses_and_the_same_adapter_came_out(self):
        self.expect_same("SELECT content, losses FROM training ORDER BY iteration")
        adapters = sorted((self.whole / "adapters").glob("*.gguf"))
        self.assertTrue(adapters)
        for adapter in adapters:
            self.assertEqual(adapter.read_bytes(),
                             (self.killed / "adapters" / adapter.name).read_bytes())

    def test_the_same_evaluations_came_out(self):
        self.expect_same("SELECT stage, content FROM evaluation ORDER BY stage")

    def test_the_audit_chain_of_the_killed_run_is_intact(self):
        audit = subprocess.run([PROGRAM, "audit", "verify", str(self.killed)], capture_output=True,
                               text=True)
        self.assertEqual(audit.returncode, 0, audit.stdout + audit.stderr)

    def test_a_run_that_fills_its_disk_says_so_and_goes_on_once_there_is_space(self):
        disk, run = self.whole.parent / "disk", self.whole.parent / "filled"
        disk.mkdir()
        # The small disk is mounted where only this one process sees it, and saved when it ends.
        script = (f'mount -t tmpfs -o size=500k small "{disk}" && "$0" "$@"; code=$?; '
                  f'cp -a "{disk}/run" "{run}"; exit $code')
        filled = subprocess.run(
            ["unshare", "--map-root-user", "--mount", "sh", "-c", script, str(PROGRAM), "run",
             str(RECIPE), "--set", "iterations=1", "--run-dir", str(disk / "run"), "--quiet"],
            cwd=PROJECT, env=SURROUNDINGS, capture_output=True, text=True)
        self.assertEqual(filled.returncode, 1, filled.stderr)
        self.assertIn("The disk is full", filled.stderr.strip().splitlines()[-1])
        self.assertGreater(Database(run).waves(), 0)

        self.finish(self.start("resume", run))

        # What it evaluates after its one iteration the whole run evaluates between its two.
        self.expect_same("SELECT content, reward, tokens FROM trajectory WHERE iteration <= 1 "
                         "ORDER BY iteration, purpose LIKE 'evaluation%', purpose, position", run)
        self.expect_same("SELECT losses FROM training WHERE iteration = 1", run)


if __name__ == "__main__":
    unittest.main()
