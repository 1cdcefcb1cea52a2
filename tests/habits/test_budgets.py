"""How long functions and files may be, so that each can be read at one sitting."""

import statistics

import pytest

from .tree import PACKAGE, functions, modules, name_of

TOO_LONG: frozenset[str] = frozenset()
"""`file` or `file:function` over the limit that somebody could not yet cut. May only shrink."""

FUNCTION_LIMIT, FILE_LIMIT = 50, 350


def function_lengths() -> dict[str, int]:
    """Lines from `def` to the end, signature and docstring included."""
    return {
        f"{name_of(path)}:{function.name}:{function.lineno}": (function.end_lineno or 0) - function.lineno + 1
        for path in modules()
        for function in functions(path)
    }


def file_lengths() -> dict[str, int]:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in modules()}
    return {name: length for name, length in lengths.items() if length}


def over_the_limit() -> set[str]:
    long = {name.rpartition(":")[0] for name, length in function_lengths().items() if length > FUNCTION_LIMIT}
    return long | {name for name, length in file_lengths().items() if length > FILE_LIMIT}


@pytest.mark.parametrize(("lengths", "median", "ninth"), [(function_lengths, 8, 25), (file_lengths, 80, 200)])
def test_most_functions_and_files_are_short(lengths, median, ninth):
    found = sorted(lengths().values())
    assert statistics.median(found) <= median
    assert statistics.quantiles(found, n=10)[-1] <= ninth


def test_nothing_is_over_the_limit():
    assert over_the_limit() <= TOO_LONG


def test_the_list_of_exceptions_only_shrinks():
    assert over_the_limit() >= TOO_LONG


def test_every_function_says_what_it_returns():
    silent = [
        f"{name_of(path)}:{function.name}"
        for path in modules()
        for function in functions(path)
        if function.returns is None
    ]
    assert silent == []


def test_no_module_has_a_name_that_says_nothing():
    vague = {"utils", "util", "helpers", "helper", "manager", "managers", "handler", "handlers"}
    vague |= {"data", "info", "process", "processes", "common", "misc"}
    assert [name_of(path) for path in PACKAGE.rglob("*") if path.stem in vague and path.is_file()] == []
