"""The lines of a text file, decoded one by one so that a fault has a line number."""

from collections.abc import Iterator
from pathlib import Path

from leadferry.contacts.sources.base import MAX_LINE, BadFile

BOM = b"\xef\xbb\xbf"


class Lines:
    """The lines of `path` with their ends, in constant memory. `total` and `done` count bytes.

    Raises `BadFile` for a line that is not UTF-8 or is longer than `MAX_LINE` bytes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.total = path.stat().st_size
        self.done = 0

    def __iter__(self) -> Iterator[str]:
        with self._path.open("rb") as file:
            number = 0
            while raw := file.readline(MAX_LINE + 1):
                number += 1
                self.done += len(raw)
                yield _decoded(raw.removeprefix(BOM) if number == 1 else raw, number)


def _decoded(raw: bytes, number: int) -> str:
    if len(raw) > MAX_LINE:
        raise BadFile(f"line {number} is longer than {MAX_LINE} bytes")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise BadFile(f"line {number} is not UTF-8 text; save the file as UTF-8") from None
