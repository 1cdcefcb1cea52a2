"""A look into a file before it is imported: its first records, and where its columns go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson

from leadferry.contacts.models import Contact, Site
from leadferry.contacts.reading import PREFIX, RESERVED, ContactReader
from leadferry.contacts.sources import ContactSource, Row, Unreadable, open_source
from leadferry.core.contact import CONTACT_FIELDS, BadValue

LOOKED_AT = 20
RECENT = 500


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a column goes: `goes` says it in words; `new` is a custom field that recent contacts lack."""

    column: str
    goes: str
    new: bool


@dataclass(frozen=True, kw_only=True)
class Looked:
    """A record: the texts of its cells in the order of the targets, and why it would be rejected, if so."""

    line: int
    cells: Sequence[str]
    wrong: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an import would make of the first LOOKED_AT records."""

    targets: Sequence[Target]
    records: Sequence[Looked]


def preview(site: Site, path: Path) -> Preview:
    """Reads the beginning of the file alone. Raises `BadFile`."""
    source = open_source(path)
    reader = ContactReader(source.columns)
    first = list(islice(source, LOOKED_AT))
    columns = _columns(source, [row for _, row in first])
    known = _custom_fields(site)
    return Preview(
        targets=[_target(column, known) for column in columns],
        records=[_looked(reader, line, row, columns) for line, row in first],
    )


def _columns(source: ContactSource, rows: Sequence[Row]) -> list[str]:
    if source.columns is not None:
        return list(source.columns)
    return list(dict.fromkeys(name for row in rows if isinstance(row, Mapping) for name in row))


def _target(column: str, known: set[str]) -> Target:
    if column in RESERVED:
        goes = {"key": "the key", "custom": "custom fields"}.get(column, "passed over")
        return Target(column=column, goes=goes, new=False)
    if column in CONTACT_FIELDS:
        return Target(column=column, goes=column.replace("_", " "), new=False)
    name = column.removeprefix(PREFIX)
    return Target(column=column, goes=f"custom field {name}", new=name not in known)


def _custom_fields(site: Site) -> set[str]:
    recent = Contact.objects.filter(site=site).order_by("-created").values_list("custom", flat=True)[:RECENT]
    return {name for text in recent if text for name in orjson.loads(text)}


def _looked(reader: ContactReader, line: int, row: Row, columns: Sequence[str]) -> Looked:
    if isinstance(row, Unreadable):
        return Looked(line=line, cells=[], wrong=row.reason)
    return Looked(line=line, cells=list(_cells(row, columns)), wrong=_wrong(reader, line, row))


def _cells(row: Mapping[str, object], columns: Sequence[str]) -> Iterator[str]:
    for name in columns:
        value = row.get(name)
        yield "" if value is None else str(value)[:100]


def _wrong(reader: ContactReader, line: int, row: Mapping[str, object]) -> str:
    try:
        reader.read(line, row)
    except BadValue as fault:
        return str(fault)
    return ""
