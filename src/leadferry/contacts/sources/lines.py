"""The lines of a text file, decoded one by one so that a fault has a line number."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from leadferry.contacts.sources.base import MAX_LINE, BadFile

BOM = b"\xef\xbb\xbf"


class Lines:
    """The lines of `path` with their ends, in constant memory. `total` and `done` count bytes.

    A line ends with a line feed; with `any_end`, with a carriage return too. Raises `BadFile` for a line that
    is not UTF-8 or is longer than `MAX_LINE` bytes.
    """

    def __init__(self, path: Path, *, any_end: bool = False) -> None:
        self._path = path
        self._any_end = any_end
        self.total = path.stat().st_size
        self.done = 0

    def __iter__(self) -> Iterator[str]:
        with self._path.open("rb") as file:
            lines = _at_any_end(file) if self._any_end else _at_line_feeds(file)
            for number, raw in enumerate(lines, start=1):
                self.done += len(raw)
                yield _decoded(raw, number) if number > 1 else _first(raw)


def _at_line_feeds(file: BinaryIO) -> Iterator[bytes]:
    while raw := file.readline(MAX_LINE + 1):
        yield raw


def _at_any_end(file: BinaryIO) -> Iterator[bytes]:
    begun = b""  # of a line whose end is still to be read
    for raw in _at_line_feeds(file):
        if not begun and raw.endswith(b"\n") and raw.find(b"\r", 0, -2) < 0:
            yield raw
            continue
        lines = (begun + raw).splitlines(keepends=True)
        begun = b"" if lines[-1].endswith(b"\n") or len(lines[-1]) > MAX_LINE else lines.pop()
        yield from lines
    if begun:
        yield begun


def _first(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _utf_16("UTF-16")
    if raw.count(0) * 4 >= len(raw):  # in UTF-16, every other byte of a Latin text
        raise _utf_16("UTF-16BE" if raw.startswith(b"\0") else "UTF-16LE")
    return _decoded(raw.removeprefix(BOM), 1)


def _utf_16(kind: str) -> BadFile:
    return BadFile(
        "this looks like UTF-16 text; save the file as UTF-8 (in Excel: CSV UTF-8), "
        f"or convert it with iconv -f {kind} -t UTF-8"
    )


def _decoded(raw: bytes, number: int) -> str:
    if len(raw) > MAX_LINE:
        raise BadFile(f"line {number} is longer than {MAX_LINE} bytes")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise BadFile(f"line {number} is not UTF-8 text; save the file as UTF-8") from None
