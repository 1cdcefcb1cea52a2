"""CSV, with commas, semicolons or tabs."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from leadferry.contacts.sources.base import BadFile, Row, Unreadable, checked_columns
from leadferry.contacts.sources.lines import Lines
from leadferry.contacts.sources.quoting import fault

DELIMITERS = ",;\t"


class Delimited:
    """A CSV file whose first line names the columns; that line tells the delimiter, too.

    The whole file is read once when it is opened, so that one which cannot be read to its end is refused
    before anything of it is imported.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = self._opened()
        header = next(iter(self._opened()), "")
        self._delimiter = max(DELIMITERS, key=header.count)
        self.columns = checked_columns(next(self._cells(self._opened()))[1])
        for _ in self._cells(self._opened()):
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
        rows = self._cells(self._lines)
        next(rows)
        columns, width = self.columns, len(self.columns)
        for line, cells in rows:
            if len(cells) == width:
                yield line, dict(zip(columns, cells, strict=True))
            elif cells:
                yield line, Unreadable(reason=f"{len(cells)} cells, but the header has {width}")

    def _opened(self) -> Lines:
        return Lines(self._path, any_end=True)

    def _cells(self, lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
        reader, read = csv.reader(lines, delimiter=self._delimiter, strict=True), 0
        try:
            for cells in reader:
                read = reader.line_num
                yield read, cells
        except csv.Error:
            record = "".join(islice(self._opened(), read, reader.line_num))
            raise BadFile(fault(record, self._delimiter, begins=read + 1)) from None
