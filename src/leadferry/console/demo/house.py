"""Where the demo lives: a folder of its own inside the home folder, made anew by every demo."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from leadferry.project.boot import SETTINGS, NotReady

MARK = "made-by-leadferry-demo"
"""A file that says that the folder around it may be emptied; held by the demo that is under way."""


@contextmanager
def moved_in() -> Iterator[Path]:
    """An empty home folder for this process, which from here on knows no other one and no other database.

    It is `demo` in the home folder, or the home folder itself where that is an earlier demo's. Raises
    NotReady when another demo is under way there, or when the folder holds something else.
    """
    home = Path(os.environ.get("LEADFERRY_HOME", ".leadferry"))
    house = home if (home / MARK).exists() else home / "demo"
    _make(home)
    _make(house)
    if not (house / MARK).exists() and any(house.iterdir()):
        raise NotReady(f"The demo empties its folder, and {house} is not one of its own. Set LEADFERRY_HOME.")
    with closing(sqlite3.connect(house / MARK, timeout=0)) as mark:
        _hold(mark, house)
        _empty(house)
        # A database or settings of the real installation must be out of reach.
        os.environ["LEADFERRY_HOME"] = str(house)
        os.environ["LEADFERRY_DATABASE_URL"] = ""
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        yield house


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = f"The folder {folder} cannot be made ({error.strerror}). Set LEADFERRY_HOME."
        raise NotReady(why) from error


def _hold(mark: sqlite3.Connection, house: Path) -> None:
    """Claim the folder for as long as this process lives; a killed one frees it."""
    try:
        mark.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        why = f"Another demo is under way in {house}. End it with Ctrl-C, or set LEADFERRY_HOME."
        raise NotReady(why) from error


def _empty(house: Path) -> None:
    for entry in house.iterdir():
        if entry.name.startswith(MARK):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
