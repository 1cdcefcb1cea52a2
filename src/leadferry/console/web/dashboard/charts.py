"""Column charts as the templates draw them: shapes in SVG, and the same numbers as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100.0
"""Of the drawing, in its own units; a column is 10 wide."""
LEAST = 2.0
"""What is not nothing can be seen."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """One part of a column. `series` counts from 1 and picks the colour."""

    series: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """One column in words and numbers: its label, a number for each series, and what is drawn for it."""

    label: str
    numbers: Sequence[int]
    told: str
    blocks: Sequence[Block]
    x: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Stacked columns. `summary` tells them in a sentence, to whoever does not see them."""

    title: str
    first: str
    series: Sequence[str]
    rows: Sequence[Row]
    highest: int
    summary: str

    @property
    def width(self) -> int:
        """Of the drawing, in its own units."""
        return 10 * len(self.rows)

    @property
    def edges(self) -> tuple[str, str]:
        """The labels of the first and the last column."""
        return self.rows[0].label, self.rows[-1].label


def columns(
    title: str, *, first: str, series: Sequence[str], numbers: Sequence[tuple[str, Sequence[int]]]
) -> Chart:
    """The chart of `numbers`: (label, one number a series) a column, at least one. `first` heads labels."""
    highest = max(sum(each) for _, each in numbers)
    totals = [sum(each[place] for _, each in numbers) for place in range(len(series))]
    parts = ", ".join(f"{total:,} {name.lower()}" for name, total in zip(series, totals, strict=True))
    peak = max(numbers, key=lambda pair: sum(pair[1]))[0]
    return Chart(
        title=title,
        first=first,
        series=series,
        rows=[
            _row(place, label, each, series, scale=HEIGHT / (highest or 1))
            for place, (label, each) in enumerate(numbers)
        ],
        highest=highest,
        summary=f"{title}: {parts}; most at {peak}." if highest else f"{title}: none.",
    )


def _row(place: int, label: str, numbers: Sequence[int], series: Sequence[str], *, scale: float) -> Row:
    blocks, y = [], HEIGHT
    for number, value in enumerate(numbers, start=1):
        if value:
            height = max(LEAST, value * scale)
            y = max(0.0, y - height)
            blocks.append(Block(series=number, x=10 * place + 1, y=round(y, 2), height=round(height, 2)))
    told = ", ".join(f"{value:,} {name.lower()}" for name, value in zip(series, numbers, strict=True))
    return Row(label=label, numbers=numbers, told=f"{label}: {told}", blocks=blocks, x=10 * place)
