"""One record from outside, understood as changes to a contact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from leadferry.contacts.sources import BadFile
from leadferry.core.contact import CONTACT_FIELDS, BadValue, Value, clean, clean_custom, clean_key

FIELDS = tuple(CONTACT_FIELDS)
PREFIX = "custom."
RESERVED = frozenset({"key", "custom", "modified"})
STATED = len(FIELDS) + 1
"""Where a record has what was stated of `anonymous`, after the custom fields; None: nothing was."""

_WITHOUT_EMPTY = frozenset({FIELDS.index("created"), STATED})

CustomValue = str | bool | int | float | None


class Column(NamedTuple):
    """Where a value goes: a field by its position, or a custom field (position -1) by its name."""

    position: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a record says of a contact: fields by position in `FIELDS` or `STATED`, custom fields by name."""

    line: int
    key: str
    fields: Sequence[tuple[int, Value]]
    custom: Mapping[str, CustomValue]


class ContactReader:
    """Reads records by the names of their columns; each name is looked up once.

    The column `modified` is passed over: when a contact was modified is our own knowledge. An empty
    `anonymous` takes back what was stated; an empty `created` says nothing, for it is never taken away.
    """

    def __init__(self, columns: Sequence[str] | None) -> None:
        self._columns: dict[str, Column] = {}
        try:
            targets = [self._column(name) for name in columns or () if name not in RESERVED]
        except BadValue as fault:
            raise BadFile(f"column {fault}") from None
        for column in targets:
            if targets.count(column) > 1:
                raise BadFile(f"two columns are for custom.{column.name}")

    def read(self, line: int, row: Mapping[str, object]) -> Reading:
        """The record as changes. Raises `BadValue` for the first value that a contact cannot hold."""
        fields: list[tuple[int, Value]] = []
        custom: dict[str, CustomValue] = {}
        for name, raw in row.items():
            if name in RESERVED:
                if name == "custom":
                    self._read_nested(raw, custom)
                continue
            column = self._columns.get(name) or self._column(name)
            if column.position < 0:
                _put(custom, column.name, raw)
            elif column.position in _WITHOUT_EMPTY and _is_empty(raw):
                if column.position == STATED:
                    fields.append((STATED, None))
            else:
                fields.append((column.position, clean(column.name, raw)))
        return Reading(line=line, key=clean_key(row.get("key")), fields=fields, custom=custom)

    def _column(self, name: str) -> Column:
        if name in CONTACT_FIELDS:
            column = Column(STATED if name == "anonymous" else FIELDS.index(name), name)
        else:
            column = Column(-1, name.removeprefix(PREFIX))
            clean_custom(column.name, None)
        if len(self._columns) < 1_000:  # NDJSON may name ever new columns
            self._columns[name] = column
        return column

    def _read_nested(self, raw: object, custom: dict[str, CustomValue]) -> None:
        if raw is None:
            return
        if not isinstance(raw, Mapping):
            raise BadValue("custom", "an object of custom fields; a single one is a column custom.<name>")
        for name, value in raw.items():
            _put(custom, str(name), value)


def _is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _put(custom: dict[str, CustomValue], name: str, raw: object) -> None:
    if name in custom:
        raise BadValue(f"{PREFIX}{name}", "one value in a record")
    custom[name] = clean_custom(name, raw)
