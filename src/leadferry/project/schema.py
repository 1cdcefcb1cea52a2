"""Whether the database has every migration of this version, told without loading any of them."""

from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection


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
    call_command("migrate", verbosity=0, interactive=False)


def _existing() -> set[tuple[str, str]]:
    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }
