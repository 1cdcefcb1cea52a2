"""Many contacts mapped at once, column by column: few steps of the interpreter for each value that passes."""

from collections.abc import Callable, Collection, Sequence
from itertools import islice
from typing import Any, TypeVar

from leadferry.core.convert import Json, Misfit
from leadferry.core.layout import Layout
from leadferry.core.rule import TemplateFault
from leadferry.core.sight import Row, Sight

T = TypeVar("T")
Column = Sequence[Any]


def leads_of(
    layout: Layout, rows: Sequence[Row], sights: Sequence[Sight]
) -> tuple[list[dict[str, Json]], Collection[int]]:
    """The leads of these rows, and the places of those rows that need an exact look.

    What the lead of such a place holds means nothing. `sights` are empty when the layout makes none of them.
    """
    doubtful: set[int] = set()
    columns: list[Column] = list(islice(zip(*rows, strict=True), len(layout.names)))
    for place, make in layout.made:
        columns[place] = _made(make, sights, "", doubtful)
    for place, limit in layout.limits:
        columns[place] = _text(columns[place], limit, doubtful)
    for place, fallback in layout.fallbacks:
        columns[place] = [text or fallback for text in columns[place]]
    for place, make in layout.typed:
        columns[place] = _made(make, sights, None, doubtful)
    for place, value in layout.fixed:
        columns[place] = [value] * len(rows)
    for place in layout.required:
        if None in columns[place]:
            doubtful.update(_where(columns[place], lambda value: value is None))
    for place, accepts in layout.checks:
        doubtful.update(_where(columns[place], lambda value, ok=accepts: value is not None and not ok(value)))
    return _named(layout, columns), doubtful


def _text(column: Column, limit: int, doubtful: set[int]) -> Column:
    """A column of texts, empty ones None; where one is longer than its field takes, its place is doubtful."""
    if None in column:
        column = [text or "" for text in column]
    lengths = list(map(len, column))
    if max(lengths) > limit:
        doubtful.update(_where(lengths, lambda length: length > limit))
    return [text or None for text in column] if 0 in lengths else column


def _made(make: Callable[[Sight], T], sights: Sequence[Sight], instead: T, doubtful: set[int]) -> list[T]:
    column: list[T] = []
    for place, sight in enumerate(sights):
        try:
            column.append(make(sight))
        except (Misfit, TemplateFault):
            doubtful.add(place)
            column.append(instead)
    return column


def _where(column: Column, wrong: Callable[..., object]) -> list[int]:
    return [place for place, value in enumerate(column) if wrong(value)]


def _named(layout: Layout, columns: Sequence[Column]) -> list[dict[str, Json]]:
    """One lead a row, its fields in canonical order."""
    names = layout.names
    leads = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
    for name in layout.droppable:
        for lead in leads:
            if lead[name] is None:
                del lead[name]
    return leads
