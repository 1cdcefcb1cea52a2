"""The page about faults, made from the tests that prove what it promises."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parents[1] / "tests"

HEAD = """# Faults

What happens when Salesforce, the network or the process fails, and what it costs in API calls. Every line is
proved by the test named beside it; the page is made from the tests by `make docs`.

What holds in every case: a fault that passes blocks nobody; what was delivered stays delivered; each contact
is one lead; a run makes no more than four calls in a row that fail alike, unless it searches one contact.
"""


class Promise(NamedTuple):
    """One line of the page: the marker `fault` of a test."""

    fault: str
    happens: str
    calls: str
    test: str


def promises() -> Iterator[Promise]:
    """Of every test that is marked, in the order of the files."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                yield from _promises(node, file)


def _promises(test: ast.FunctionDef, file: Path) -> Iterator[Promise]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
            said = {word.arg: ast.literal_eval(word.value) for word in mark.keywords}
            place = f"{file.relative_to(TESTS.parent)}::{test.name}"
            yield Promise(said["name"], said["happens"], said["calls"], place)


def faults() -> str:
    """The page."""
    lines = [
        f"| {each.fault} | {each.happens} | {each.calls} | `{each.test.rpartition('::')[2]}` |"
        for each in promises()
    ]
    return "\n".join(
        [HEAD, "| fault | what happens | API calls | proved by |", "|---|---|---|---|", *lines, ""]
    )
