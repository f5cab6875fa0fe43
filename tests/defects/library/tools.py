"""A library: members, copies of books and who has them; fines in euros, days counted from today."""

import json
import pathlib

from sca import ToolError, read, write


def load_state():
    return json.loads((pathlib.Path(__file__).parent / "data" / "library.json").read_text())


def find(table, key, what):
    entry = table.get(str(key).strip().upper())
    if entry is None:
        raise ToolError(f"There is no {what} {key!r}. Known are for example: {', '.join(list(table)[:3])}.")
    return entry


@read
def member_of(state, member: str) -> dict:
    """Name, city and open fine of a member, for example "M01"."""
    return dict(find(state["members"], member, "member"))


@read
def loans_of(state, member: str) -> list[dict]:
    """What a member has at home, for example "M01": copy, title and days left of each loan."""
    find(state["members"], member, "member")
    owner = str(member).strip().upper()
    return [{"copy": key, "title": copy["title"], "days_left": copy["days_left"]}
            for key, copy in state["copies"].items() if copy.get("member") == owner]


@read
def copies_of(state, title: str) -> list[str]:
    """Ids of all copies of a book, for example "Emma"."""
    found = [key for key, copy in state["copies"].items()
             if copy["title"].lower() == str(title).strip().lower()]
    if not found:
        raise ToolError(f"There is no book {title!r}. Known are for example: Emma, Ulysses.")
    return found


@read
def copy_of(state, copy: str) -> dict:
    """Title, author, shelf and status of a copy, for example "K11"."""
    return dict(find(state["copies"], copy, "copy"))


@read
def journal(state) -> list[str]:
    """What was done today, in the order in which it was done."""
    return list(state["journal"])


@write
def lend(state, copy: str, member: str) -> str:
    """Lends a copy that is in to a member, for example ("K11", "M01")."""
    found = find(state["copies"], copy, "copy")
    find(state["members"], member, "member")
    if found["status"] != "in":
        raise ToolError(f"Copy {copy} is {found['status']}.")
    found.update(status="lent", member=str(member).upper(), days_left=28)
    state["journal"].append(f"{str(copy).upper()} lent")
    return "Lent for 28 days."


@write
def give_back(state, copy: str) -> str:
    """Takes a lent copy back, for example "K11"."""
    found = find(state["copies"], copy, "copy")
    if found["status"] != "lent":
        raise ToolError(f"Copy {copy} is {found['status']}.")
    found.update(status="in")
    found.pop("member")
    found.pop("days_left")
    state["journal"].append(f"{str(copy).upper()} back")
    return "Taken back."


@write
def extend(state, copy: str, days: int) -> int:
    """Gives a loan more days, at most 28; what comes out are the days left, for example ("K11", 7)."""
    found = find(state["copies"], copy, "copy")
    if found["status"] != "lent":
        raise ToolError(f"Copy {copy} is {found['status']}.")
    if not 1 <= days <= 28:
        raise ToolError("Days must be from 1 to 28.")
    found["days_left"] += days
    state["journal"].append(f"{str(copy).upper()} extended")
    return found["days_left"]


@write
def pay(state, member: str, amount: float) -> float:
    """Pays something of a member's fine, in euros; what comes out is the rest, for example ("M01", 2.5)."""
    found = find(state["members"], member, "member")
    if amount <= 0 or amount > found["fine"]:
        raise ToolError(f"The fine of {member} is {found['fine']} euros.")
    found["fine"] = round(found["fine"] - amount, 2)
    state["journal"].append(f"{str(member).upper()} paid")
    return found["fine"]


@write
def reserve(state, title: str, member: str) -> str:
    """Reserves a book for a member and gives the id of the reservation, for example ("Emma", "M01")."""
    copies_of(state, title)
    find(state["members"], member, "member")
    reservations = state.setdefault("reservations", {})
    key = f"V{len(reservations) + 51}"
    reservations[key] = {"title": str(title).strip(), "member": str(member).strip().upper()}
    state["journal"].append(f"{key} reserved")
    return key


@read
def reservations_of(state, member: str) -> list[dict]:
    """Reservations of a member, for example "M01": id and title of each."""
    find(state["members"], member, "member")
    owner = str(member).strip().upper()
    return [{"id": key, "title": one["title"]} for key, one in state.get("reservations", {}).items()
            if one["member"] == owner]
