"""The command line: parse, one call, word the answer.

A command's module is loaded when the command runs, so that help texts and short commands start at once.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from leadferry.console.cli.parser import build

USAGE = 2
"""Exit code of a command line that cannot be understood (argparse's own)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (see the exit codes of the reference)."""
    _replace_closed_streams()
    arguments = build().parse_args(argv)
    command = import_module(f"leadferry.console.cli.{arguments.module}")
    try:
        return int(getattr(command, arguments.function)(arguments))
    except BrokenPipeError:
        # The reader (head, less) has left; what follows would only fail again while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)  # noqa: T201
        return 130
    except Exception as error:
        worded = import_module("leadferry.console.cli.wording").worded(error)
        if worded is None:
            raise
        import_module("leadferry.console.cli.output").say(f"leadferry: {worded}")
        return 1


def _replace_closed_streams() -> None:
    """What the caller closed (`>&-`) swallows what is printed, and no file of ours takes its number.

    In the order of their numbers: a file that is opened gets the lowest one that is free.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - as long as the process
            setattr(sys, name, stream)
