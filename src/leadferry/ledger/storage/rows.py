"""A statement that takes many rows at once, in the dialect of the store at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection


@dataclass(frozen=True, kw_only=True)
class RowStatement:
    """`text` holds ``{rows}`` once: where the rows, of `types` (PostgreSQL's names), come.

    `single` is SQLite's statement for one row, where it is not `text` with a VALUES list.
    """

    text: str
    types: tuple[str, ...]
    single: str = ""

    @cached_property
    def _one_by_one(self) -> str:
        return self.single or self.text.format(rows=f"VALUES ({', '.join(['%s'] * len(self.types))})")

    @cached_property
    def _as_arrays(self) -> str:
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.types)
        return self.text.format(rows=f"SELECT * FROM unnest({arrays})")

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Run the statement over `rows` (tuples in the order of `types`)."""
        if not rows:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(self._as_arrays, [list(column) for column in zip(*rows, strict=True)])
            else:
                cursor.executemany(self._one_by_one, rows)


def instant(at: datetime) -> Any:
    """`at` as the store keeps it: converted once a batch instead of once a row."""
    return connection.ops.adapt_datetimefield_value(at)
