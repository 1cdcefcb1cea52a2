"""The console in a process of its own, for a program that has other things to do: the demo."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MARK = "Sign in: "


@contextmanager
def console_on(house: Path, *, port: int = 0) -> Iterator[str]:
    """The console on the home folder `house` for as long as the block lasts; gives a link that signs in.

    The link works once, and only on this machine. Raises CannotServe.
    """
    command = [sys.executable, "-m", "leadferry", "serve", "--port", str(port), "--sign-in-link"]
    own = {**os.environ, "LEADFERRY_HOME": str(house), "DJANGO_SETTINGS_MODULE": "leadferry.project.web"}
    with subprocess.Popen(
        command, env=own, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as served:
        try:
            yield _link(served)
        finally:
            served.terminate()


class CannotServe(Exception):
    """The console did not start; it has said why itself."""


def _link(served: "subprocess.Popen[str]") -> str:
    for line in served.stdout or ():
        if line.startswith(MARK):
            return line.removeprefix(MARK).strip()
    raise CannotServe("The console did not start.")
