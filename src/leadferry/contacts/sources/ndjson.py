"""NDJSON: one JSON object a line."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from leadferry.contacts.sources.base import Row, Unreadable
from leadferry.contacts.sources.lines import Lines


class Ndjson:
    """A file of JSON objects, one a line; empty lines are passed over.

    Every line is read once when the file is opened: one that is no text refuses the file before anything
    of it is imported.
    """

    columns = None

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path)
        for _ in Lines(path):
            pass

    @property
    def total(self) -> int:
        """Bytes of the file."""
        return self._lines.total

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._lines.done

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        for number, line in enumerate(self._lines, start=1):
            if line and not line.isspace():
                yield number, _record(line)


def _record(line: str) -> Row:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Unreadable(reason="not valid JSON")
    if not isinstance(record, dict):
        return Unreadable(reason="not a JSON object")
    return {name.strip(): value for name, value in record.items()}
