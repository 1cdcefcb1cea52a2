"""How answers are printed: JSON a line each for machines, tables for people, messages on stderr."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import orjson

# Keys, column names and Salesforce's texts come from outside: none of them is to steer the terminal.
_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], " ")
SHOWN = 50
"""Rows of a table when nobody asked for more."""


def print_json(row: Mapping[str, Any]) -> None:
    """One JSON object on one line of stdout; instants as ISO 8601 in UTC."""
    sys.stdout.buffer.write(
        orjson.dumps(row, default=_worded, option=orjson.OPT_PASSTHROUGH_DATETIME) + b"\n"
    )


def print_rows(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    as_json: bool,
    limit: int | None,
    nothing: str,
) -> None:
    """A list: one JSON object a line, or a table of `columns`. `nothing` is said when there are no rows."""
    if as_json:
        for row in islice(rows, limit):
            print_json(row)
        sys.stdout.flush()
        return
    most = limit or SHOWN
    shown = list(islice(rows, most + 1))
    if not shown:
        say(nothing)
        return
    _table(shown[:most], columns)
    if len(shown) > most and limit is None:
        say(f"The first {most} are shown; ask for more with --limit N, or for all with --json.")


def say(text: str) -> None:
    """A message for people, on stderr, so that stdout holds nothing but data."""
    print(text.translate(_CONTROLS), file=sys.stderr)  # noqa: T201


def tell(text: str) -> None:
    """The answer of a command, on stdout."""
    print(text.translate(_CONTROLS), flush=True)  # noqa: T201


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only for people, who do not count milliseconds
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        # Text, not markup: what a contact is called must not colour the terminal.
        table.add_row(*[Text(_cell(row.get(column))) for column in columns])
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return f"{value['code']}: {value['message']}"
    return "".join(character if character.isprintable() else " " for character in _worded(value))


def _worded(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)
