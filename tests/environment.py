"""Loaded before Django reads its settings (see `addopts`): a home of its own for every test process.

LEADFERRY_TEST_DATABASE_URL moves the whole test database from SQLite to that PostgreSQL server.
"""

import os
import tempfile
from pathlib import Path

HOME = tempfile.TemporaryDirectory(prefix="leadferry-tests-", ignore_cleanup_errors=True)
DATABASE_URL = os.environ.get("LEADFERRY_TEST_DATABASE_URL", "")
SECRET_KEY = "dGhlIHRlc3RzIGtub3cgdGhpcyBrZXksIHlvdSB0b28="

os.environ["LEADFERRY_HOME"] = HOME.name
os.environ["LEADFERRY_SECRET_KEY"] = SECRET_KEY
os.environ["LEADFERRY_DATABASE_URL"] = DATABASE_URL


def database_name() -> str:
    """Of the test database: a file, so that threads share it; on a server, one nobody else uses."""
    return f"leadferry_test_{os.getpid()}" if DATABASE_URL else str(Path(HOME.name) / "test.db")
