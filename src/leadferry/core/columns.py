"""Many contacts mapped at once, column by column: few steps of the interpreter for each value that passes."""

from collections.abc import Callable, Collection, Sequence
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
    columns = _texts(layout, rows, sights, doubtful)
    columns += [_made(make, sights, None, doubtful) for make in layout.typed]
    columns += [[value] * len(rows) for value in layout.fixed]
    for place in layout.required:
        if None in columns[place]:
            doubtful.update(_where(columns[place], lambda value: value is None))
    for place, accepts in layout.checks:
        doubtful.update(_where(columns[place], lambda value, ok=accepts: value is not None and not ok(value)))
    return _named(layout, columns), doubtful


def _texts(layout: Layout, rows: Sequence[Row], sights: Sequence[Sight], doubtful: set[int]) -> list[Column]:
    """The texts, none of them longer than its field takes unless its place is doubtful; empty ones None."""
    columns: list[Column] = list(zip(*map(layout.as_is, rows), strict=True))
    columns += [_made(make, sights, "", doubtful) for make in layout.made]
    for place, limit in enumerate(layout.limits):
        column = columns[place] if None not in columns[place] else [text or "" for text in columns[place]]
        lengths = list(map(len, column))
        if max(lengths) > limit:
            doubtful.update(_where(lengths, lambda length, most=limit: length > most))
        if 0 in lengths:
            columns[place] = [text or None for text in column]
    for place, fallback in layout.fallbacks:
        columns[place] = [text or fallback for text in columns[place]]
    return columns


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
    order = sorted(range(len(columns)), key=layout.names.__getitem__)
    names = [layout.names[place] for place in order]
    leads = [
        dict(zip(names, values, strict=True))
        for values in zip(*[columns[place] for place in order], strict=True)
    ]
    for name in layout.droppable:
        for lead in leads:
            if lead[name] is None:
                del lead[name]
    return leads
