"""The tools of an environment: how they are described, and how they are called."""

import inspect
import typing

from sca import ToolError
from sca.messages import to_json

SCHEMA_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array",
                dict: "object"}


def schema_of(annotation):
    origin = typing.get_origin(annotation)
    if origin is list and typing.get_args(annotation):
        return {"type": "array", "items": schema_of(typing.get_args(annotation)[0])}
    name = SCHEMA_TYPES.get(origin or annotation)
    return {"type": name} if name else {}


class Tool:
    """A function of tools.py without its state."""

    def __init__(self, name, function):
        signature = inspect.signature(function)
        parameters = list(signature.parameters.values())[1:]
        self.function = function
        self.names = {p.name for p in parameters}
        self.writes = function.sca_kind == "write"
        self.description = {
            "name": name,
            "description": inspect.getdoc(function) or "",
            "parameters": {
                "type": "object",
                "properties": {p.name: schema_of(p.annotation) for p in parameters},
                "required": [p.name for p in parameters if p.default is p.empty],
            },
            "writes": self.writes,
            "signature": name + str(signature.replace(parameters=parameters)),
        }

    def call(self, state, arguments):
        """The result as JSON text; a ToolError whose text the agent may read."""
        try:
            if arguments.keys() != self.names:  # Else nothing is wrong, and nothing left out.
                arguments = bind(self.description, (), arguments)
            return to_json(self.function(state, **arguments))
        except ToolError:
            raise
        except (Exception, RecursionError) as error:
            name = self.description["name"]
            raise ToolError(f"{name} failed: {type(error).__name__}: {error}") from None


def tools_of(module):
    return {name: Tool(name, function) for name, function in vars(module).items()
            if getattr(function, "sca_kind", None) in ("read", "write")}


def bind(description, positional, named):
    """Arguments by name, as a call with these would bind them; TypeError where it cannot."""
    parameters = description["parameters"]
    names = list(parameters["properties"])
    call = description["signature"]
    if len(positional) > len(names):
        raise TypeError(f"too many arguments; it is {call}")
    arguments = dict(zip(names, positional))
    for name, value in named.items():
        if name not in names:
            raise TypeError(f"unexpected argument {name!r}; it is {call}")
        if name in arguments:
            raise TypeError(f"two values for {name!r}; it is {call}")
        arguments[name] = value
    for name in parameters["required"]:
        if name not in arguments:
            raise TypeError(f"missing argument {name!r}; it is {call}")
    return arguments
