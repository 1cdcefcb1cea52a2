"""The command line: parse, one call, word the answer.

A command's module is loaded when the command runs, so that help texts and short commands start at once.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from leadferry.console.cli.parser import build

USAGE = 2
"""Exit code of a command line that cannot be understood (argparse's own)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code (see the exit codes of the reference)."""
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
