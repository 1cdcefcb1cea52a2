"""A statement that takes many rows at once, in the dialect of the store at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any

from django.db import connection

from leadferry.core.batch import batches

MOST_PARAMETERS = 1000
"""So that 200 delivered leads, a batch, are one statement; SQLite takes 32,766 since 3.32 (Limits)."""


@dataclass(frozen=True, kw_only=True)
class RowStatement:
    """`text` holds ``{rows}`` once: where the rows, of `types` (PostgreSQL's names), come.

    `single` is SQLite's statement for one row, where it is not `text` with a VALUES list.
    """

    text: str
    types: tuple[str, ...]
    single: str = ""

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
            elif self.single:
                cursor.executemany(self.single, rows)
            else:
                for some in batches(rows, MOST_PARAMETERS // len(self.types)):
                    cursor.execute(_valued(self, len(some)), list(chain.from_iterable(some)))


@lru_cache(maxsize=64)
def _valued(statement: RowStatement, rows: int) -> str:
    one = f"({', '.join(['%s'] * len(statement.types))})"
    return statement.text.format(rows=f"VALUES {', '.join([one] * rows)}")


def among(values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that a column's value is one of these, to follow its name, and its parameters."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", [list(values)]
    return f"IN ({', '.join(['%s'] * len(values))})", list(values)


@dataclass(frozen=True, kw_only=True)
class Selected:
    """What a statement selects of a contact, which it calls `c`, and the parameters in that."""

    expressions: tuple[str, ...] = ()
    parameters: tuple[Any, ...] = ()


def contact_columns(names: Sequence[str]) -> Selected:
    """Columns as they are."""
    return Selected(expressions=tuple(f"c.{connection.ops.quote_name(name)}" for name in names))


def instant(at: datetime) -> Any:
    """`at` as the store keeps it: converted once a batch instead of once a row."""
    return connection.ops.adapt_datetimefield_value(at)
