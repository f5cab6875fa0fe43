"""A shop: customers and their orders, which can be cancelled, readdressed or returned by rules."""

import json
import pathlib

from sca import ToolError, read, write

RETURN_DAYS_MAX = 30
REASONS = ("damaged", "wrong item", "changed mind")


def load_state():
    return json.loads((pathlib.Path(__file__).parent / "data" / "shop.json").read_text())


def find(table, key, what):
    entry = table.get(str(key).strip().upper())
    if entry is None:
        known = ", ".join(list(table)[:3])
        raise ToolError(f"There is no {what} {key!r}. Known are for example: {known}.")
    return entry


def find_placed(state, order, wish):
    found = find(state["orders"], order, "order")
    if found["status"] != "placed":
        raise ToolError(f"Order {order} is {found['status']}; only placed orders can be {wish}.")
    return found


def note(found, change):
    if change not in found["changes"]:
        found["changes"].append(change)


def seeds(state, rng, tools):
    wanted = "delivered" if "return_order" in tools else "placed"
    fit = [key for key, order in state["orders"].items()
           if order["status"] == wanted
           and order.get("days_since_delivery", 0) <= RETURN_DAYS_MAX]
    orders = rng.sample(fit, 2 if len(tools) == 1 else 1)
    calls = [f'get_order("{order}")' for order in orders]
    customer = state["orders"][orders[0]]["customer"]
    for tool in ("get_customer", "list_orders"):
        if tool in tools:
            calls.append(f'{tool}("{customer}")')
    return calls


@read
def get_customer(state, customer: str) -> dict:
    """Name and address of a customer, for example "C01"."""
    return dict(find(state["customers"], customer, "customer"))


@read
def list_orders(state, customer: str) -> list[str]:
    """Ids of all orders of a customer, for example "C01"."""
    find(state["customers"], customer, "customer")
    owner = str(customer).strip().upper()
    return [key for key, order in state["orders"].items() if order["customer"] == owner]


@read
def get_order(state, order: str) -> dict:
    """Customer, item, price, status and address of an order, for example "A101".

    A delivered order also has days_since_delivery, a returned one reason.
    """
    found = find(state["orders"], order, "order")
    return {key: value for key, value in found.items() if key != "changes"}


@read
def changes_today(state) -> list[str]:
    """What was changed today, sorted, for example ["A101 cancelled", "A104 address"]."""
    orders = state["orders"].items()
    return sorted(f"{key} {change}" for key, order in orders for change in order["changes"])


@write
def cancel_order(state, order: str) -> str:
    """Cancels a placed order, for example "A101"."""
    found = find_placed(state, order, "cancelled")
    found["status"] = "cancelled"
    note(found, "cancelled")
    return f"Order {order} is cancelled."


@write
def change_address(state, order: str, address: str) -> str:
    """Sends a placed order to another address, for example ("A101", "5 Oak Street")."""
    found = find_placed(state, order, "readdressed")
    text = str(address).strip()
    if not text:
        raise ToolError("The address is empty.")
    if text == found["address"]:
        raise ToolError(f"Order {order} goes to {text} already.")
    found["address"] = text
    note(found, "address")
    return f"Order {order} goes to {text}."


@write
def return_order(state, order: str, reason: str) -> str:
    """Takes a delivered order back; reason is "damaged", "wrong item" or "changed mind"."""
    found = find(state["orders"], order, "order")
    wanted = str(reason).strip().lower()
    if wanted not in REASONS:
        raise ToolError(f"{reason!r} is no reason. Reasons are: {', '.join(REASONS)}.")
    if found["status"] != "delivered":
        raise ToolError(f"Order {order} is {found['status']}; only delivered ones can be returned.")
    days = found["days_since_delivery"]
    if days > RETURN_DAYS_MAX:
        raise ToolError(f"Order {order} came {days} days ago; returns end after {RETURN_DAYS_MAX}.")
    found.pop("days_since_delivery")
    found.update(status="returned", reason=wanted)
    note(found, "returned")
    return f"Order {order} is returned: {wanted}."
