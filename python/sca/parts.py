"""What the gate `compiles` looks at, in a cell: the parts of a task are parsed, and not run."""

import ast

from sca.cell import describe


def check(parts, wants_answer, namespace):
    """What does not hold, or nothing. `parts`: the name and the code of each, evaluate's first."""
    for name, code in parts:
        try:
            tree = ast.parse(code, "code")
            compile(tree, "code", "exec")
        except BaseException as error:
            return f"{name} does not compile: {describe(error, ())}"
        nodes = list(ast.walk(tree))
        bound = set(names_bound_anywhere(nodes))
        if name == parts[0][0] and "evaluate" not in bound:
            return f"{name} defines no evaluate: its name must be evaluate"
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                try:
                    if node.func.id not in bound and "*" not in bound:
                        eval(node.func.id, namespace)
                except NameError as error:
                    return (f"{name} calls what is neither a tool nor a function of Python: line "
                            f"{node.lineno}: {describe(error.with_traceback(None), namespace)}")
            elif isinstance(node, ast.FunctionDef) and node.name == "evaluate":
                if not wants_answer and len(node.args.args) > len(node.args.defaults):
                    return f"{name} takes an answer: there is none here, write def evaluate():"
    return ""


def names_bound_anywhere(nodes):
    """A name that the code binds nowhere can only be a tool's or Python's own."""
    for node in nodes:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif getattr(node, "name", None):
            yield node.name
