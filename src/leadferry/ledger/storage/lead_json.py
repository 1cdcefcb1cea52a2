"""The JSON of what is copied from a contact into its lead, written by the database.

It is the JSON that orjson writes of the same values: the fingerprints of both are compared.
"""

from collections.abc import Iterator

from django.db import connection

from leadferry.core.shortcut import Copied, Shortcut, Stretch
from leadferry.ledger.storage.rows import Selected, contact_columns


def selected(shortcut: Shortcut) -> Selected:
    """The row of a contact as the shortcut wants it."""
    stretches = [_object(stretch) for stretch in shortcut.stretches]
    doubts = [doubt for stretch in shortcut.stretches for each in stretch for doubt in _doubts(each)]
    fallbacks = [each.fallback for stretch in shortcut.stretches for each in stretch if each.fallback]
    columns = contact_columns(shortcut.columns).expressions
    return Selected(
        expressions=(*stretches, f"({' OR '.join(doubts) or 'FALSE'})", *columns), parameters=tuple(fallbacks)
    )


def _object(stretch: Stretch) -> str:
    if connection.vendor == "postgresql":
        values = ", ".join(f'{_value(each)} AS "{each.name}"' for each in stretch)
        return f"(SELECT row_to_json(stretch.*)::text FROM (SELECT {values}) AS stretch)"
    pairs = ", ".join(f"'{each.name}', {_value(each)}" for each in stretch)
    return f"json_object({pairs})"


def _value(copied: Copied) -> str:
    column = f"c.{copied.column}"
    if copied.required:
        return column  # without a text, it needs an exact look anyway
    return f"CASE WHEN {column} <> '' THEN {column}{' ELSE %s' if copied.fallback else ''} END"


def _doubts(copied: Copied) -> Iterator[str]:
    if copied.limit is not None:
        yield f"LENGTH(c.{copied.column}) > {copied.limit}"
    if copied.required:
        yield f"c.{copied.column} = ''"
