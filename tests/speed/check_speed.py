"""How many tasks a second `sca check` puts through its gates, and which gates take the time.

Writes tasks from templates over the kitchen, each with names and numbers of its own, then checks
them with every gate that needs no model but novel, which templates cannot pass:

    python3 tests/speed/check_speed.py build/release/sca --tasks 1000
"""

import argparse
import collections
import itertools
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def one(instruction, expression, wrong):
    return {
        "instruction": instruction,
        "evaluation_function": f"def evaluate(answer):\n    expected = {expression}\n"
                               "    return isinstance(answer, (int, float)) and abs(answer - expected) < 0.01",
        "solution": f"answer = {expression}",
        "failure_cases": [f"answer = {wrong}", "answer = -1", "answer = 123456"],
    }


def templates(state):
    """Tasks without end: numbers make them differ."""
    ingredients = list(state["ingredients"])
    recipes = list(state["recipes"])
    for number in itertools.count(3):
        for index, name in enumerate(ingredients):
            other = ingredients[(index + 1) % len(ingredients)]
            yield one(f"What do {number} kilograms of {name} cost?",
                      f'price_per_kilogram("{name}") * {number}',
                      f'price_per_kilogram("{other}") * {number} + 1')
            yield one(f"What do {number} cups of {name} and one cup of {other} weigh?",
                      f'grams_per_cup("{name}") * {number} + grams_per_cup("{other}")',
                      f'grams_per_cup("{other}")')
        for recipe in recipes:
            name = list(state["recipes"][recipe]["amounts"])[0]
            amount = f'ingredient_amount("{recipe}", "{name}")'
            yield one(f"How many grams of {name} are right for {number} people who eat {recipe}?",
                      f'scale_amount({amount}, servings_of("{recipe}"), {number})', f"{amount} + 1")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--tasks", type=int, default=1000)
    parser.add_argument("--mutants", type=int, default=40, help="at most so many a task")
    parser.add_argument("--state-mb", type=int, default=0, help="make the state so large")
    arguments = parser.parse_args()
    state = json.loads((ROOT / "environments/kitchen/data/kitchen.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "tasks.jsonl"
        lines = [json.dumps({"id": f"speed-{number}", **task}) for number, task in
                 enumerate(itertools.islice(templates(state), arguments.tasks))]
        file.write_text("\n".join(lines) + "\n")
        kitchen = pathlib.Path(folder) / "kitchen"
        shutil.copytree(ROOT / "environments/kitchen", kitchen)
        state["ballast"] = ["ballast"] * (arguments.state_mb * 1_000_000 // len('"ballast", '))
        (kitchen / "data/kitchen.json").write_text(json.dumps(state))
        start = time.monotonic()
        done = subprocess.run([arguments.program, "check", file, "--env", kitchen, "--json", "--set",
                               "gates.off=[\"novel\"]", f"gates.mutants_max={arguments.mutants}"],
                              capture_output=True, text=True, check=False)
        seconds = time.monotonic() - start
    if done.returncode not in (0, 100):
        raise SystemExit(done.stderr)
    milliseconds = collections.Counter()
    passed = 0
    for line in done.stdout.splitlines():
        checked = json.loads(line)
        passed += checked["passed"]
        for gate in checked["gates"]:
            milliseconds[gate["gate"]] += gate["milliseconds"]
    print(f"{arguments.tasks} tasks in {seconds:.1f} s: {arguments.tasks / seconds:.1f} a second; "
          f"{passed} pass.")
    total = sum(milliseconds.values())
    for gate, spent in milliseconds.most_common():
        print(f"  {gate:<22} {spent / arguments.tasks:8.2f} ms a task {spent / total:6.1%}")


if __name__ == "__main__":
    main()
