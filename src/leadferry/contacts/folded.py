"""Text as the list of contacts compares and orders it: in small letters, byte by byte."""

from typing import Any

from django.db.models import Func
from django.db.models.sql.compiler import SQLCompiler


class Folded(Func):
    """The column in small letters, in an order in which what begins alike stands together.

    SQLite makes only A to Z small; PostgreSQL whatever its database knows as letters.
    """

    function = "LOWER"
    arity = 1

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        # Any other collation may order beginnings apart.
        template = '(%(function)s(%(expressions)s) COLLATE "C")'
        return self.as_sql(compiler, connection, template=template, **context)


def folded(column: str, vendor: str) -> str:
    """`Folded` of a column, written out as the index has it."""
    return f'(LOWER({column}) COLLATE "C")' if vendor == "postgresql" else f"LOWER({column})"
