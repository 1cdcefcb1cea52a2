"""What every way of reading a file has in common."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

KEY = "key"
MAX_COLUMNS = 300
MAX_LINE = 1_048_576  # bytes of one line


class BadFile(ValueError):
    """The file as a whole cannot be read (on); the message says why and where."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A line that is no record, though the next one may be."""

    reason: str


Row = Mapping[str, object] | Unreadable


class ContactSource(Protocol):
    """Records from outside, one at a time. Iterating gives (line number from 1, record or why there is none).

    `columns` are the names that every record has, where the format fixes them. `total` and `done` are in
    the same unit, bytes or rows, for a progress bar. A key of a record is a column name, stripped.
    """

    @property
    def columns(self) -> Sequence[str] | None: ...

    @property
    def total(self) -> int: ...

    @property
    def done(self) -> int: ...

    def __iter__(self) -> Iterator[tuple[int, Row]]: ...


def checked_columns(names: Sequence[str]) -> list[str]:
    """The names of the columns, stripped. Raises `BadFile` when a row could not be read by them."""
    columns = [name.strip() for name in names]
    if len(columns) > MAX_COLUMNS:
        raise BadFile(f"{len(columns)} columns; allowed are at most {MAX_COLUMNS}")
    for position, name in enumerate(columns, start=1):
        if not name:
            raise BadFile(f"column {position} has no name")
        if name in columns[: position - 1]:
            raise BadFile(f"two columns are named {name}")
    if KEY not in columns:
        raise BadFile(f"no column is named {KEY}; the columns are: {', '.join(columns[:20])}")
    return columns
