"""CSV, with commas, semicolons or tabs."""

import csv
from collections.abc import Iterator
from pathlib import Path

from leadferry.contacts.sources.base import BadFile, Row, Unreadable, checked_columns
from leadferry.contacts.sources.lines import Lines

DELIMITERS = ",;\t"


class Delimited:
    """A CSV file whose first line names the columns; that line tells the delimiter, too."""

    def __init__(self, path: Path) -> None:
        self._lines = Lines(path)
        header = next(iter(Lines(path)), "")
        self._delimiter = max(DELIMITERS, key=header.count)
        self.columns = checked_columns(next(self._cells(Lines(path)))[1])

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

    def _cells(self, lines: Lines) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(lines, delimiter=self._delimiter)
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as fault:
            raise BadFile(f"line {reader.line_num}: {fault}") from None
