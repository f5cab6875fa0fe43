"""A kitchen: what recipes need and serve, what ingredients cost, weigh and give, how long they keep."""

import json
import pathlib

from sca import ToolError, read


def load_state():
    return json.loads((pathlib.Path(__file__).parent / "data" / "kitchen.json").read_text())


def find(table, name, what):
    entry = table.get(str(name).strip().lower())
    if entry is None:
        known = ", ".join(list(table)[:4])
        raise ToolError(f"There is no {what} {name!r}. Known are for example: {known}.")
    return entry


def seeds(state, rng, tools):
    calls = []
    for _ in range(2 if len(tools) == 1 else 1):
        recipe = rng.choice(list(state["recipes"]))
        entry = state["recipes"][recipe]
        ingredient = rng.choice(list(entry["amounts"]))
        place = rng.choice(["fridge", "freezer", "pantry"])
        arguments = {
            "ingredient_amount": f'"{recipe}", "{ingredient}"',
            "servings_of": f'"{recipe}"',
            "cooking_minutes": f'"{recipe}"',
            "storage_days": f'"{ingredient}", "{place}"',
            "scale_amount": f'{entry["amounts"][ingredient]}, {entry["servings"]}, {rng.randint(2, 20)}',
        }
        calls += [f"{tool}({arguments.get(tool, repr(ingredient))})" for tool in tools]
    return [call.replace("'", '"') for call in calls]


@read
def ingredient_amount(state, recipe: str, ingredient: str) -> int:
    """Grams of an ingredient in a recipe, for example ("pancakes", "flour")."""
    amounts = find(state["recipes"], recipe, "recipe")["amounts"]
    return find(amounts, ingredient, f"ingredient of {recipe}")


@read
def servings_of(state, recipe: str) -> int:
    """How many people a recipe serves, for example "pancakes"."""
    return find(state["recipes"], recipe, "recipe")["servings"]


@read
def cooking_minutes(state, recipe: str) -> int:
    """Minutes that a recipe takes, for example "pancakes"."""
    return find(state["recipes"], recipe, "recipe")["minutes"]


@read
def price_per_kilogram(state, ingredient: str) -> float:
    """Price in euros of one kilogram of an ingredient, for example "flour"."""
    return find(state["ingredients"], ingredient, "ingredient")["price"]


@read
def calories_per_100_grams(state, ingredient: str) -> int:
    """Calories of 100 grams of an ingredient, for example "flour"."""
    return find(state["ingredients"], ingredient, "ingredient")["calories"]


@read
def grams_per_cup(state, ingredient: str) -> int:
    """Grams that one cup of an ingredient weighs, for example "flour"."""
    return find(state["ingredients"], ingredient, "ingredient")["cup"]


@read
def storage_days(state, ingredient: str, place: str) -> int:
    """Days that an ingredient keeps in a place: "fridge", "freezer" or "pantry"."""
    return find(find(state["ingredients"], ingredient, "ingredient")["days"], place, "place")


@read
def scale_amount(state, amount: float, servings_from: int, servings_to: int) -> float:
    """Scales an amount from one number of servings to another, rounded to 2 decimals."""
    if servings_from <= 0:
        raise ToolError("servings_from must be at least 1.")
    return round(amount / servings_from * servings_to, 2)
