"""Where the state lives: an embedded SQLite file, or PostgreSQL by URL."""

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    "timeout": 20,  # seconds a writer waits for another
    "transaction_mode": "IMMEDIATE",
    "init_command": ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"),
}


_MALFORMED = (
    "LEADFERRY_DATABASE_URL must be postgresql://user:password@host:port/name, the port a number; in "
    "user and password, characters such as # [ / @ must be percent-encoded: %23 %5B %2F %40"
)


class BadDatabaseUrl(ValueError):
    """LEADFERRY_DATABASE_URL is not an address of a database that Leadferry can use."""


class NoDriver(Exception):
    """The database is on PostgreSQL, and what speaks to it is not installed."""


def database(url: str, *, home: Path) -> dict[str, Any]:
    """Django's database settings for `url`; an empty one means the embedded file in `home`.

    Raises BadDatabaseUrl and NoDriver.
    """
    if not url:
        return {
            "ENGINE": "leadferry.project.sqlite3",
            "NAME": home / "leadferry.db",
            "OPTIONS": SQLITE_OPTIONS,
        }
    if url.strip().partition("://")[0].lower() not in ("postgresql", "postgres"):
        raise BadDatabaseUrl("LEADFERRY_DATABASE_URL must begin with postgresql://")
    parts = _parted(url)
    _check_driver()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {"connect_timeout": 10, **dict(parse_qsl(parts.query))},
    }


def _parted(url: str) -> SplitResult:
    """The parts of the address, told apart without doubt. No message holds any of them: one is a password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise BadDatabaseUrl(_MALFORMED) from None
    # A password that holds "#", "/" or "?" ends there, and the "@" after it stands in another part.
    if "#" in url or "@" in (parts.path or parts.query):
        raise BadDatabaseUrl(_MALFORMED)
    return parts


def _check_driver() -> None:
    try:
        import_module("psycopg")
    except ImportError:
        raise NoDriver(
            "LEADFERRY_DATABASE_URL names PostgreSQL, whose driver is not installed. "
            "Run: pip install 'leadferry[postgres]'"
        ) from None
