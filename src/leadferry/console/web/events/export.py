"""The event log as a file: CSV for spreadsheets, NDJSON for programs."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from leadferry.ledger.models import Event

COLUMNS = ("time", "type", "source", "code", "site", "contact", "run", "user", "description")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV Injection)."""


class _Line:
    """What the writer of CSV writes into: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def as_csv(lines: Iterable[Event]) -> Iterator[str]:
    """Lines of CSV, the columns' names first. A cell that looks like a formula gets an apostrophe."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for line in lines:
        yield writer.writerow([safe(value) for value in _values(line).values()])


def as_ndjson(lines: Iterable[Event]) -> Iterator[bytes]:
    """One JSON object a line, as of `leadferry events --json`, and the user."""
    for line in lines:
        yield orjson.dumps(_values(line)) + b"\n"


def safe(text: str) -> str:
    """The text as a cell that no spreadsheet calculates."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _values(line: Event) -> dict[str, str]:
    values: dict[str, str] = {name: getattr(line, name) for name in COLUMNS}
    return values | {"time": line.time.isoformat()}


FORMS: Mapping[str, tuple[str, Callable[[Iterable[Event]], Iterator[Any]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "ndjson": ("application/x-ndjson", as_ndjson),
}
"""Type of the file and its writer, by the ending of its name."""
