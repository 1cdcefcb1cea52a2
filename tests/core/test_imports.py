"""The rules stand on the standard library alone."""

import ast
import sys
from pathlib import Path

import pytest

import leadferry.core

MODULES = sorted(Path(leadferry.core.__path__[0]).glob("*.py"))
NEVER = {"time", "random", "secrets", "logging", "socket", "subprocess", "sqlite3", "os"}
CLOCKS = {"now", "utcnow", "today"}


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_core_imports_only_itself_and_the_standard_library(path):
    for name in imported(ast.parse(path.read_text())):
        top = name.partition(".")[0]
        assert name.startswith("leadferry.core.") or (top in sys.stdlib_module_names and top not in NEVER)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_core_reads_no_clock_and_builds_no_code(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            assert not (isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS)
            assert not (isinstance(node.func, ast.Name) and node.func.id in {"exec", "eval", "compile"})


def test_the_modules_were_found():
    assert len(MODULES) > 15
