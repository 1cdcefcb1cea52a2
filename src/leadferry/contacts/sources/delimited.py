"""CSV, with commas, semicolons or tabs."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from leadferry.contacts.sources.base import BadFile, Row, Unreadable, checked_columns
from leadferry.contacts.sources.lines import Lines

DELIMITERS = ",;\t"
_END = "end"  # as a line of its own after the last: it is a record, unless a quoted cell is still open


class Delimited:
    """A CSV file whose first line names the columns; that line tells the delimiter, too.

    The whole file is read once when it is opened, so that one which cannot be read to its end is refused
    before anything of it is imported.
    """

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path)
        header = next(iter(Lines(path)), "")
        self._delimiter = max(DELIMITERS, key=header.count)
        self.columns = checked_columns(next(self._cells(Lines(path)))[1])
        self._check_to_the_end(Lines(path))

    @property
    def total(self) -> int:
        """Bytes of the file."""
        return self._lines.total

    @property
    def done(self) -> int:
        """Bytes read so far."""
        return self._lines.done

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        rows = self._cells(self._lines)
        next(rows)
        columns, width = self.columns, len(self.columns)
        for line, cells in rows:
            if len(cells) == width:
                yield line, dict(zip(columns, cells, strict=True))
            elif cells:
                yield line, Unreadable(reason=f"{len(cells)} cells, but the header has {width}")

    def _check_to_the_end(self, lines: Lines) -> None:
        begun, begins, last = 1, 1, [_END]
        for line, cells in self._cells(chain(lines, [_END])):
            begun, begins, last = begins, line + 1, cells
        if last != [_END]:
            raise BadFile(f"line {begun}: a quotation mark opens a cell and none closes it")

    def _cells(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(lines, delimiter=self._delimiter)
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as fault:
            raise BadFile(f"line {reader.line_num}: {fault}") from None
