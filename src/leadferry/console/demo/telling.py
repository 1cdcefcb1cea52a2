"""How the story is told: short headings, the command of each step, plain sentences; 80 columns."""

import os
import sys
from collections.abc import Sequence
from textwrap import fill

from leadferry.console.cli.output import tell

WIDTH = 79
INDENT = "   "


class Teller:
    """Writes the story to stdout as it happens. Headings and commands are bold on a terminal only."""

    def __init__(self) -> None:
        dumb = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
        self._bold = sys.stdout.isatty() and not dumb
        self._steps = 0

    def title(self, text: str) -> None:
        self._line(self._strong(text))

    def step(self, text: str) -> None:
        """The heading of the next step."""
        self._steps += 1
        self._line("")
        self._line(self._strong(f"{self._steps}. {text}"))

    def command(self, text: str) -> None:
        """The command that does what is told next."""
        self._line(f"{INDENT}{self._strong(f'$ leadferry {text}')}")

    def say(self, text: str, *, first: str = "", then: str = "") -> None:
        """A paragraph; `first` begins its first line, `then` the others."""
        self._line(
            fill(
                text,
                WIDTH,
                initial_indent=INDENT + first,
                subsequent_indent=INDENT + (then or " " * len(first)),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )

    def verbatim(self, text: str) -> None:
        """A line to copy, however long."""
        self._line(INDENT + text)

    def table(self, rows: Sequence[Sequence[str | int]]) -> None:
        """Rows of a first column of words and further ones of numbers; the first row is the heading."""
        cells = [[f"{cell:,}" if isinstance(cell, int) else cell for cell in row] for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for first, *others in cells:
            numbers = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
            self._line(INDENT + "  ".join([first.ljust(widths[0]), *numbers]))

    def _strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._bold else text

    def _line(self, text: str) -> None:
        tell(text.rstrip())
        sys.stdout.flush()
