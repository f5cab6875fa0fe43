"""What the gate `compiles` looks at, in a cell: the parts of a task are parsed, and not run."""

import ast


def check(parts, wants_answer, namespace):
    """`parts`: the name and code of each, evaluate first. Raises at what does not hold, which is
    what was printed last."""
    for name, code in parts:
        print(name, "does not compile")
        tree = ast.parse(code, "code")
        compile(tree, "code", "exec")
        nodes = list(ast.walk(tree))
        bound = set(names_bound_anywhere(nodes))
        if name == parts[0][0] and "evaluate" not in bound:
            print(name, "defines no evaluate")
            raise NameError("its name must be evaluate")
        print(name, "calls what is neither a tool nor a function of Python")
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = node.func.id
                if called not in bound and "*" not in bound:
                    eval(called, namespace)
            elif isinstance(node, ast.FunctionDef) and node.name == "evaluate":
                if not wants_answer and len(node.args.args) > len(node.args.defaults):
                    print(name, "takes an answer")
                    raise TypeError("there is none here, write def evaluate():")


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
