#!/usr/bin/env python3
"""What goes wrong outside the program ends in one clear sentence and the right exit code.

1 is an error, 2 wrong usage. No case may end in a signal, a stack trace or a message about C++.
"""

import pathlib
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from program import PROJECT, run_sca

ERROR, USAGE, GATE_NOT_MET = 1, 2, 100


class BadInputTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, path, content):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def expect(self, code, *words, of):
        """`of` ended with `code`, and its last line on standard error has the words."""
        lines = of.stderr.strip().splitlines() or [""]
        self.assertEqual(of.returncode, code, of.stderr)
        for word in words:
            self.assertIn(word, lines[-1])
        for leftover in ("terminate called", "Traceback", "std::", "bug:"):
            self.assertNotIn(leftover, of.stderr)


class BrokenRecipeTest(BadInputTest):
    def run_recipe(self, text):
        return run_sca("run", self.write("recipe.toml", text), "--run-dir", self.folder / "run")

    def test_a_syntax_error_is_told_with_line_and_column(self):
        run = self.run_recipe('env.path = "kitchen"\n[train\nepochs = 2\n')
        self.expect(USAGE, "recipe.toml line 2 column 7", of=run)

    def test_an_unknown_key_is_told_with_the_nearest_known_one(self):
        run = self.run_recipe('env.path = "kitchen"\n[train]\nepochz = 2\n')
        self.expect(USAGE, '"train.epochz"', 'Did you mean "train.epochs"?', of=run)

    def test_a_wrong_type_is_told_with_what_would_be_right(self):
        run = self.run_recipe('env.path = "kitchen"\ntrain.epochs = "two"\n')
        self.expect(USAGE, "train.epochs must be a whole number", '"two"', of=run)

    def test_a_number_out_of_bounds_is_told_with_the_bounds(self):
        run = self.run_recipe('env.path = "kitchen"\ntrain.epochs = 100000\n')
        self.expect(USAGE, "train.epochs must be from 1 to 1000", of=run)

    def test_a_recipe_without_an_environment_is_told_what_to_set(self):
        self.expect(USAGE, "Set env.path", of=self.run_recipe(""))

    def test_a_recipe_that_is_no_text_is_refused(self):
        self.expect(USAGE, "recipe.toml line 1", of=self.run_recipe(b"\x00\xff\xfe"))

    def test_a_recipe_that_does_not_exist_is_an_error(self):
        run = run_sca("run", self.folder / "missing.toml", "--run-dir", self.folder / "run")
        self.expect(ERROR, "missing.toml", "No such file", of=run)

    def test_a_refused_recipe_leaves_no_run_behind(self):
        self.run_recipe("")
        self.assertFalse((self.folder / "run").exists())

    def test_unknown_flags_and_commands_are_wrong_usage(self):
        self.assertEqual(run_sca("run", "--nonsense").returncode, USAGE)
        self.assertEqual(run_sca("nonsense").returncode, USAGE)
        self.assertEqual(run_sca().returncode, USAGE)

    def test_resuming_where_there_is_no_run_is_an_error(self):
        self.expect(ERROR, "There is no run in", of=run_sca("resume", self.folder))


class BrokenEnvironmentTest(BadInputTest):
    def show(self, tools, settings=None):
        kitchen = PROJECT / "environments" / "kitchen" / "environment.toml"
        self.write("mine/environment.toml", settings or kitchen.read_text())
        self.write("mine/tools.py", tools)
        return run_sca("env", "show", self.folder / "mine")

    def test_a_tools_file_that_raises_is_told_with_file_line_and_exception(self):
        show = self.show("from sca import read\n\nraise RuntimeError('the price list is missing')\n")
        self.expect(ERROR, "mine/tools.py", "line 3", "RuntimeError: the price list is missing",
                    of=show)

    def test_a_state_that_cannot_be_loaded_is_told_likewise(self):
        show = self.show("def load_state():\n    return open('/no/such/file')\n")
        self.expect(ERROR, "mine/tools.py", "line 2", "FileNotFoundError", of=show)

    def test_a_syntax_error_in_the_tools_is_told_likewise(self):
        self.expect(ERROR, "mine/tools.py", "SyntaxError", of=self.show("def load_state(:\n"))

    def test_a_tools_file_that_ends_its_process_is_an_error(self):
        self.expect(ERROR, "mine/tools.py", of=self.show("import os\nos._exit(0)\n"))

    def test_broken_settings_are_told_with_file_and_line(self):
        show = self.show("def load_state(): return {}\n", settings="title = \n")
        self.expect(ERROR, "mine/environment.toml line 1", of=show)

    def test_a_name_that_is_no_environment_points_to_the_list(self):
        self.expect(ERROR, '"nowhere"', "sca env list", of=run_sca("env", "show", "nowhere"))

    def test_a_task_that_falls_gives_the_exit_code_of_a_gate(self):
        task = ('{"instruction": "How many people does the recipe pancakes serve?", '
                '"evaluation_function": "def evaluate(answer):\\n    return True", '
                '"solution": "answer = servings_of(\\"pancakes\\")", "failure_cases": '
                '["answer = 1", "answer = 2", "answer = 3"]}\n')
        check = run_sca("check", self.write("tasks.jsonl", task), "--env", "kitchen", "--json")
        self.assertEqual(check.returncode, GATE_NOT_MET, check.stderr)
        self.assertIn("failures_rejected", check.stdout)

    def test_a_task_file_that_is_broken_is_told_with_the_line(self):
        file = self.write("tasks.jsonl", "\n{broken\n")
        self.expect(ERROR, "tasks.jsonl line 2", of=run_sca("check", file, "--env", "kitchen"))


class BrokenModelTest(BadInputTest):
    """Models are refused before anything is evaluated; a build without llama.cpp says so."""

    def run_model(self, content):
        model = self.write("model.gguf", content)
        run_folder = tempfile.mkdtemp(dir=self.folder)
        return run_sca("run", "recipes/quickstart.toml", "--run-dir", run_folder, "--set",
                       f"model.path={model}")

    def expect_refused(self, run, *words):
        if "not built in" in run.stderr:
            self.expect(ERROR, "llama.cpp", of=run)
        else:
            self.expect(ERROR, "model.gguf", *words, of=run)

    def test_a_truncated_model_is_told_with_both_sizes_and_the_remedy(self):
        models = sorted((PROJECT / "models").glob("*.bf16.gguf"), key=lambda file: file.stat().st_size)
        self.assertTrue(models, "fetch a model first: sca model pull smollm2-135m-instruct")
        with open(models[0], "rb") as whole:
            beginning = whole.read(20_000_000)
        self.expect_refused(self.run_model(beginning), "truncated", "20000000 bytes",
                            "sca model pull")
        self.expect_refused(self.run_model(beginning[:1000]), "sca model pull")

    def test_files_that_are_no_model_are_refused(self):
        huge_count = b"GGUF" + struct.pack("<IQQ", 3, 2**62, 2**62)
        for content in (b"", b"hello\n", b"GGUF", huge_count):
            with self.subTest(content=content):
                self.expect_refused(self.run_model(content), "sca model pull")


class MissingPartTest(BadInputTest):
    def test_a_run_without_its_trainer_ends_before_anything_is_evaluated(self):
        run = run_sca("run", "tests/integration/tiny.toml", "--run-dir", self.folder / "run",
                      SCA_TRAIN_LIBRARY="/nonexistent/libsca-train.so")
        self.expect(ERROR, "/nonexistent/libsca-train.so", "set SCA_TRAIN_LIBRARY", of=run)
        self.assertFalse((self.folder / "run").exists())

    def test_a_library_that_is_no_trainer_is_told(self):
        doctor = run_sca("doctor", SCA_TRAIN_LIBRARY="libm.so.6")
        self.assertIn("The trainer cannot be loaded", doctor.stdout)
        self.assertIn("sca_train_library", doctor.stdout)


class FullDiskTest(BadInputTest):
    """A disk of a few hundred kilobytes, mounted where only the program sees it."""

    def on_small_disk(self, kilobytes, *arguments):
        disk = self.folder / "disk"
        disk.mkdir(exist_ok=True)
        script = f'mount -t tmpfs -o size={kilobytes}k small "{disk}" && exec "$0" "$@"'
        return run_sca(*arguments, within=["unshare", "--map-root-user", "--mount", "sh", "-c",
                                           script])

    def test_a_run_on_a_full_disk_says_so(self):
        for kilobytes in (4, 16, 64):
            with self.subTest(kilobytes=kilobytes):
                run = self.on_small_disk(kilobytes, "run", "recipes/quickstart.toml", "--run-dir",
                                         self.folder / "disk" / "run", "--set",
                                         "model.path=smollm2-135m-instruct")
                self.expect(ERROR, "The disk is full", of=run)


if __name__ == "__main__":
    unittest.main()
