"""Contacts as a file: CSV for spreadsheets, NDJSON for programs."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from leadferry.console.web.events.export import safe
from leadferry.engine.listing.pages import Row

CONTACT = ("key", "first_name", "last_name", "email", "status", "company", "country")
COLUMNS = (*CONTACT, "created", "score", "replication", "lead_id")


class _Line:
    """What the writer of CSV writes into: it hands the line back."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Lines of CSV, the columns' names first. A text that looks like a formula gets an apostrophe."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow([_cell(value) for value in _values(row).values()])


def as_ndjson(rows: Iterable[Row]) -> Iterator[bytes]:
    """One JSON object a line, every value as it is."""
    for row in rows:
        yield orjson.dumps(_values(row)) + b"\n"


def _cell(value: Any) -> Any:
    return safe(value) if isinstance(value, str) else value


def _values(row: Row) -> dict[str, Any]:
    return {name: getattr(row.contact, name) for name in CONTACT} | {
        "created": row.contact.created.isoformat(),
        "score": row.standing.score,
        "replication": row.standing.status,
        "lead_id": row.standing.lead_id,
    }


FORMS: Mapping[str, tuple[str, Callable[[Iterable[Row]], Iterator[Any]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "ndjson": ("application/x-ndjson", as_ndjson),
}
"""Type of the file and its writer, by the ending of its name."""
