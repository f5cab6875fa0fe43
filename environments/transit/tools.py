"""A city's trains: how long they ride, when they leave, what tickets cost; and arithmetic of times.

Every line runs round a loop in one direction. Times are "HH:MM"; a line keeps minutes since
midnight for its first and last train at its first stop, and minutes between trains.
"""

import json
import pathlib
import re

from sca import ToolError, read

MINUTES_OF_A_DAY = 24 * 60


def load_state():
    return json.loads((pathlib.Path(__file__).parent / "data" / "transit.json").read_text())


def find(table, name, what):
    key = str(name).strip().lower()
    if key not in table:
        known = ", ".join(list(table)[:6])
        raise ToolError(f"There is no {what} {name!r}. Known are for example: {known}.")
    return table[key]


def parse_time(text):
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", str(text).strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ToolError(f'{text!r} is no time. Write it like "08:15".')
    return int(match[1]) * 60 + int(match[2])


def format_time(minutes):
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def minutes_to_stop(line, name, stop):
    """Minutes from the first stop of a line to another one."""
    find(line["minutes_to_next"], stop, f"stop of the {name}")
    minutes = 0
    for other, to_next in line["minutes_to_next"].items():
        if other == str(stop).strip().lower():
            return minutes
        minutes += to_next


def seeds(state, rng, tools):
    calls = []
    for _ in range(2 if len(tools) == 1 else 1):
        line = rng.choice(list(state["lines"]))
        origin, destination = rng.sample(list(state["lines"][line]["minutes_to_next"]), 2)
        passenger = rng.choice(list(state["tickets"]))
        start = rng.randrange(6 * 60, 20 * 60, 5)
        minutes = rng.randrange(5, 120)
        arguments = {
            "ride_minutes": f'"{line}", "{origin}", "{destination}"',
            "next_departure": f'"{line}", "{origin}", "{format_time(start)}"',
            "last_departure": f'"{line}", "{origin}"',
            "zones_between": f'"{origin}", "{destination}"',
            "ticket_price": f'{rng.randint(1, 5)}, "{passenger}"',
            "pass_price": f'{rng.choice([1, 3, 7, 30])}, "{passenger}"',
            "add_minutes": f'"{format_time(start)}", {minutes}',
            "minutes_between": f'"{format_time(start)}", "{format_time(start + minutes)}"',
        }
        calls += [f"{tool}({arguments[tool]})" for tool in tools]
    return calls


@read
def ride_minutes(state, line: str, origin: str, destination: str) -> int:
    """Minutes that a train rides between two stops, for example ("red line", "market", "castle")."""
    found = find(state["lines"], line, "line")
    loop = sum(found["minutes_to_next"].values())
    return (minutes_to_stop(found, line, destination) - minutes_to_stop(found, line, origin)) % loop


@read
def next_departure(state, line: str, stop: str, time: str) -> str:
    """When the next train leaves a stop, for example ("red line", "market", "08:15")."""
    found = find(state["lines"], line, "line")
    offset = minutes_to_stop(found, line, stop)
    earliest, last = parse_time(time), found["last"] + offset
    if earliest > last:
        raise ToolError(f"The last train of the {line} leaves {stop} at {format_time(last)}.")
    waited = max(0, earliest - offset - found["first"])
    trains = -(-waited // found["every"])
    return format_time(found["first"] + offset + trains * found["every"])


@read
def last_departure(state, line: str, stop: str) -> str:
    """When the last train leaves a stop, for example ("red line", "market")."""
    found = find(state["lines"], line, "line")
    return format_time(found["last"] + minutes_to_stop(found, line, stop))


@read
def zones_between(state, origin: str, destination: str) -> int:
    """How many zones a trip between two stops needs, for example ("market", "castle")."""
    first = find(state["zones"], origin, "stop")
    return abs(first - find(state["zones"], destination, "stop")) + 1


@read
def ticket_price(state, zones: int, passenger: str) -> float:
    """Price of a ticket for 1 to 5 zones; passenger is "adult", "child", "student" or "senior"."""
    return find(find(state["tickets"], passenger, "passenger"), zones, "ticket for so many zones:")


@read
def pass_price(state, days: int, passenger: str) -> float:
    """Price of a pass for 1, 3, 7 or 30 days, for example (7, "adult")."""
    return find(find(state["passes"], passenger, "passenger"), days, "pass for so many days:")


@read
def add_minutes(state, time: str, minutes: int) -> str:
    """The time some minutes later, for example ("08:15", 50)."""
    return format_time((parse_time(time) + round(minutes)) % MINUTES_OF_A_DAY)


@read
def minutes_between(state, start: str, end: str) -> int:
    """Minutes from one time to the next, for example ("08:15", "09:05")."""
    return (parse_time(end) - parse_time(start)) % MINUTES_OF_A_DAY
