"""Where the state lives: an embedded SQLite file, or PostgreSQL by URL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    "timeout": 20,  # seconds a writer waits for another
    "transaction_mode": "IMMEDIATE",
    "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"),
}


class BadDatabaseUrl(ValueError):
    """LEADFERRY_DATABASE_URL is not an address of a database that Leadferry can use."""


def database(url: str, *, home: Path) -> dict[str, Any]:
    """Django's database settings for `url`; an empty one means the embedded file in `home`."""
    if not url:
        return {
            "ENGINE": "leadferry.project.sqlite3",
            "NAME": home / "leadferry.db",
            "OPTIONS": SQLITE_OPTIONS,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise BadDatabaseUrl("LEADFERRY_DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 10, **dict(parse_qsl(parts.query))},
    }
