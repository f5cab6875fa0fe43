"""A shop that sends parcels: a small example to replace by tools of your own."""

import json
import pathlib

from sca import ToolError, read


def load_state():
    return json.loads((pathlib.Path(__file__).parent / "data" / "shop.json").read_text())


def find(table, name, what):
    for known, entry in table.items():
        if known.lower() == str(name).strip().lower():
            return entry
    some = ", ".join(list(table)[:4])
    raise ToolError(f"There is no {what} {name!r}. Known are for example: {some}.")


def seeds(state, rng, tools):
    """Calls that work, for a new task with these tools to start from. Optional, worth writing."""
    calls = []
    for _ in range(2 if len(tools) == 1 else 1):
        article = rng.choice(list(state["articles"]))
        country = rng.choice(list(state["countries"]))
        for tool in tools:
            name = article if tool in ("price_of", "grams_of", "stock_of") else country
            calls.append(f'{tool}("{name}")')
    return calls


@read
def price_of(state, article: str) -> float:
    """Price in euros of one article, for example "lamp"."""
    return find(state["articles"], article, "article")["price"]


@read
def grams_of(state, article: str) -> int:
    """Grams that one article weighs, for example "lamp"."""
    return find(state["articles"], article, "article")["grams"]


@read
def stock_of(state, article: str) -> int:
    """How many of an article are in stock, for example "lamp"."""
    return find(state["articles"], article, "article")["stock"]


@read
def postage_per_kilogram(state, country: str) -> float:
    """Euros that a kilogram of parcel costs to a country, for example "France"."""
    return find(state["countries"], country, "country")["postage"]


@read
def delivery_days(state, country: str) -> int:
    """Days that a parcel takes to a country, for example "France"."""
    return find(state["countries"], country, "country")["days"]
