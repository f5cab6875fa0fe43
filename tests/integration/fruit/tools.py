"""The smallest environment that a very small model can write tasks about: one tool."""

from sca import ToolError, read

PRICES = {
    "apple": 12, "banana": 19, "cherry": 26, "grape": 33, "lemon": 40, "mango": 47, "melon": 54,
    "orange": 61, "peach": 68, "pear": 75, "plum": 82, "quince": 89, "kiwi": 96, "lime": 103,
    "fig": 110, "date": 117, "papaya": 124, "guava": 131, "apricot": 138, "avocado": 145,
    "blackberry": 152, "blueberry": 159, "raspberry": 166, "strawberry": 173, "cranberry": 180,
    "currant": 187, "coconut": 194, "pineapple": 201, "pomegranate": 208, "nectarine": 215,
    "tangerine": 222, "grapefruit": 229, "watermelon": 236, "olive": 243, "tomato": 250, "potato":
    257, "carrot": 264, "onion": 271, "pepper": 278, "garlic": 285, "durian": 292, "lychee": 299,
    "rambutan": 306, "tamarind": 313
}


def load_state():
    return PRICES


def seeds(state, rng, tools):
    return [f'price_of("{rng.choice(list(state))}")']


@read
def price_of(state, fruit: str) -> int:
    """Price of a fruit in cents, for example "apple"."""
    if fruit not in state:
        raise ToolError(f"There is no fruit {fruit!r}. Known are for example: peach, plum, kiwi, fig.")
    return state[fruit]
