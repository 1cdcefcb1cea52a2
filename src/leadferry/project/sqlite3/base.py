"""Django's backend for SQLite, for many small statements: a key is the row's own number, and the text of a
statement is translated once (Django documentation, "Subclassing the built-in database backends").
"""

from collections.abc import Sequence
from functools import lru_cache

from django.db.backends.sqlite3 import base


@lru_cache(maxsize=256)
def _translated(query: str) -> str:
    """The query with SQLite's own places for parameters."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, which would look through hundreds of places anew at each call."""

    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        if param_names is None:
            return _translated(query)
        return super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    """Only an "integer" key is the number of its row in SQLite; a "bigint" one gets an index beside it."""

    data_types = {**base.DatabaseWrapper.data_types, "BigIntegerField": "integer"}

    def create_cursor(self, name: str | None = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)  # type: ignore[no-any-return]
