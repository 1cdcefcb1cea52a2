"""Whether the database has every migration of this version, told without loading any of them."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection

_LOCK = 0x1EADFE  # any number, the same in every process


def is_up_to_date() -> bool:
    """Whether each migration file of the installed apps has been applied."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'django_migrations'")
        else:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'django_migrations'")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return _existing() <= applied


def bring_up_to_date() -> None:
    """Apply what is missing. Two processes that start at once wait for each other."""
    with _one_at_a_time():
        if not is_up_to_date():
            from django.core.management import call_command  # noqa: PLC0415 - seldom needed, slow to load

            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Either database lets two processes make one table, and fails the second. A kill frees the lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            yield
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    with Path(f"{connection.settings_dict['NAME']}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _existing() -> set[tuple[str, str]]:
    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }
