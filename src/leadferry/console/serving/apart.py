"""The console in a process of its own, for a program that has other things to do: the demo.

``python -m leadferry.console.serving.apart PORT`` is that process.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from leadferry.console.serving.parent import end_with_parent

MARK = "Sign in: "


@contextmanager
def console_on(house: Path, *, port: int = 0, password: str = "") -> Iterator[Callable[[], str]]:
    """The console on the home folder `house` for as long as the block lasts.

    Gives what waits until it is served, and then gives a link that signs in, once, and only on this machine;
    it raises CannotServe. `password` becomes that of the first administrator, if the block makes one. The
    console ends with this process, however that ends.
    """
    command = [sys.executable, "-m", "leadferry.console.serving.apart", str(port)]
    own = {**os.environ, "LEADFERRY_HOME": str(house), "DJANGO_SETTINGS_MODULE": "leadferry.project.web"}
    if password:
        own["LEADFERRY_ADMIN_PASSWORD"] = password
    with subprocess.Popen(
        command, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as served:
        try:
            yield partial(_link, served)
        finally:
            served.terminate()


class CannotServe(Exception):
    """The console did not start; it has said why itself."""


def _link(served: "subprocess.Popen[str]") -> str:
    for line in served.stdout or ():
        if line.startswith(MARK):
            return line.removeprefix(MARK).strip()
    raise CannotServe("The console did not start.")


def main() -> int:
    """Serve until told to stop, or until whoever started this has ended."""
    from leadferry.console.cli import main as command  # noqa: PLC0415 - to start a console takes none

    end_with_parent()
    return command(["serve", "--port", sys.argv[1], "--sign-in-link"])


if __name__ == "__main__":
    raise SystemExit(main())
