"""The rules say what they promise where they are public."""

import ast

from .tree import PACKAGE, Function, modules, name_of, parsed


def test_every_public_function_of_the_rules_says_what_it_promises():
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in modules(PACKAGE / "core")
        for node in parsed(path).body
        if isinstance(node, Function) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []
