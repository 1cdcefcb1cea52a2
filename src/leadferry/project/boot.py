"""Makes the installation ready for a command: home folder, settings, database schema."""

import os
from contextlib import suppress
from pathlib import Path

SETTINGS = "leadferry.project.settings"
WEB_SETTINGS = "leadferry.project.web"


class NotReady(Exception):
    """The installation cannot be used as it is; the text says what to do."""


def prepare(*, migrate: bool = False, web: bool = False) -> None:
    """Set up Django (with `web`: all of it) and migrate the embedded database. Raises NotReady.

    On PostgreSQL migrations run only when `migrate` is asked for, because another version may be at
    work on the same database.
    """
    if web:
        _make_key()
        if os.environ.get("DJANGO_SETTINGS_MODULE") == SETTINGS:  # inherited from a command
            del os.environ["DJANGO_SETTINGS_MODULE"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", WEB_SETTINGS if web else SETTINGS)
    from django.conf import settings  # noqa: PLC0415 - the help texts do without Django

    _make_home(settings.HOME)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        _make_private(Path(settings.DATABASES["default"]["NAME"]))
    _load(web=web)
    from leadferry.project.schema import bring_up_to_date, is_up_to_date  # noqa: PLC0415 - needs settings

    if is_up_to_date():
        return
    if migrate or settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        bring_up_to_date()
    else:
        raise NotReady("The database is not up to date with this version. Run: leadferry migrate")


def _load(*, web: bool) -> None:
    """The applications. Only the web needs what `django.setup` loads besides: addresses, mail, log files."""
    if web:
        import django  # noqa: PLC0415

        return django.setup()
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    return apps.populate(settings.INSTALLED_APPS)


def _make_key() -> None:
    """The web's settings derive from the key of the installation, so that it must be there before them."""
    from leadferry.ledger import keys  # noqa: PLC0415
    from leadferry.project.settings import HOME  # noqa: PLC0415

    _make_home(HOME)
    keys.text(HOME, make=True)


def _make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = f"The home folder {home} cannot be made ({error.strerror}). Set LEADFERRY_HOME."
        raise NotReady(why) from error


def _make_private(database: Path) -> None:
    """Only the owner may read a new database, in whatever home; SQLite's other files follow it."""
    with suppress(OSError):  # opening it says better why it cannot be made
        if not database.exists():
            database.touch(mode=0o600)
