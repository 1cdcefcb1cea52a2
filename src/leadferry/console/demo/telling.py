"""How the story is told: short headings, the command of each step, plain sentences; 80 columns."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from textwrap import fill

WIDTH = 79
INDENT = "   "


class Teller:
    """Writes the story to stdout as it happens. Headings and commands are bold on a terminal only."""

    def __init__(self) -> None:
        plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        self._bold = sys.stdout.isatty() and not plain
        self._steps = 0
        self._unfinished = 0
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # a check mark must not end the story

    def title(self, text: str) -> None:
        self._line(self._strong(text))

    def step(self, text: str) -> None:
        """The heading of the next step."""
        self._steps += 1
        self._line("")
        self._line(self._strong(f"{self._steps}. {text}"))

    def command(self, text: str) -> None:
        """The command that does what is told next."""
        shown = f"$ leadferry {text}"
        self.close()
        self._write(INDENT + self._strong(shown))
        self._unfinished = len(INDENT + shown)

    def outcome(self, text: str) -> None:
        """What a command came to: beside it, or below it when there is no room."""
        if self._unfinished and self._unfinished + len(text) + 3 <= WIDTH:
            self._unfinished = 0
            self._write(f"  # {text}\n")
        else:
            self.say(text)

    def say(self, text: str, *, first: str = "") -> None:
        """A paragraph; `first` begins its first line, and the others are indented as far."""
        self._line(
            fill(
                text,
                WIDTH,
                initial_indent=INDENT + first,
                subsequent_indent=INDENT + " " * len(first),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )

    def verbatim(self, text: str) -> None:
        """A line to copy, however long."""
        self._line(INDENT + text)

    def close(self) -> None:
        """Finish the line of a command that nothing was told about."""
        if self._unfinished:
            self._unfinished = 0
            self._write("\n")

    def table(self, rows: Sequence[Sequence[str | int]]) -> None:
        """Rows of a first column of words and further ones of numbers; the first row is the heading."""
        cells = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for first, *others in cells:
            numbers = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
            self._line(INDENT + "   ".join([first.ljust(widths[0]), *numbers]))

    def _strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._bold else text

    def _line(self, text: str) -> None:
        self.close()
        self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
