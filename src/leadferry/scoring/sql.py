"""What differs between the two databases when rules are compiled."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

import orjson
from django.db import connection

from leadferry.scoring.values import numeric

NUMBER = "^[+-]?[0-9]{1,15}([.][0-9]{1,20})?([eE][+-]?[0-9]{1,2})?$"


class Sql(NamedTuple):
    """A piece of SQL with the parameters that it binds."""

    text: str
    parameters: tuple[Any, ...] = ()


class Dialect(Protocol):
    """The pieces of SQL that each database words in its own way. Text is compared without regard to case."""

    least: str
    greatest: str

    def is_text(self, field: Sql, wanted: str) -> Sql: ...
    def is_like(self, field: Sql, before: str, wanted: str, after: str) -> Sql: ...
    def custom(self, column: str, name: str) -> Sql: ...
    def number(self, field: Sql) -> Sql: ...
    def day(self, field: Sql) -> Sql: ...
    def one_of(self, ids: Collection[int]) -> Sql: ...


class Sqlite:
    """SQLite folds the case of ASCII only, so other text goes through functions of ours."""

    least = "MIN"
    greatest = "MAX"

    def __init__(self) -> None:
        connection.ensure_connection()
        create = connection.connection.create_function
        create("leadferry_lower", 1, _lower, deterministic=True)
        create("leadferry_number", 1, _number, deterministic=True)

    def is_text(self, field: Sql, wanted: str) -> Sql:
        if wanted.isascii():
            return Sql(f"{field.text} = %s COLLATE NOCASE", (*field.parameters, wanted))
        return Sql(f"leadferry_lower({field.text}) = %s", (*field.parameters, wanted.lower()))

    def is_like(self, field: Sql, before: str, wanted: str, after: str) -> Sql:
        text = field.text if wanted.isascii() else f"leadferry_lower({field.text})"
        pattern = f"{before}{_escaped(wanted if wanted.isascii() else wanted.lower())}{after}"
        return Sql(f"{text} LIKE %s ESCAPE '\\'", (*field.parameters, pattern))

    def custom(self, column: str, name: str) -> Sql:
        # -> gives numbers and booleans as JSON words them, which is how PostgreSQL shows them.
        path = f'$."{name}"'
        stored = f"NULLIF({column}, '')"
        text = f"json_type({stored}, %s) = 'text'"
        return Sql(
            f"CASE WHEN {text} THEN json_extract({stored}, %s) ELSE {stored} -> %s END", (path, path, path)
        )

    def number(self, field: Sql) -> Sql:
        return Sql(f"leadferry_number({field.text})", field.parameters)

    def day(self, field: Sql) -> Sql:
        form = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
        return Sql(
            f"CASE WHEN {field.text} GLOB '{form}' THEN substr({field.text}, 1, 10) END", field.parameters * 2
        )

    def one_of(self, ids: Collection[int]) -> Sql:
        return Sql("IN (SELECT value FROM json_each(%s))", (orjson.dumps(list(ids)).decode(),))


class Postgresql:
    """PostgreSQL folds case by the locale of the database, or by ICU where that locale knows ASCII only."""

    least = "LEAST"
    greatest = "GREATEST"

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT lower('Ř') = 'ř'")
            self._collation = "" if cursor.fetchone() == (True,) else ' COLLATE "und-x-icu"'

    def is_text(self, field: Sql, wanted: str) -> Sql:
        return Sql(f"{self._lower(field.text)} = {self._lower('%s')}", (*field.parameters, wanted))

    def is_like(self, field: Sql, before: str, wanted: str, after: str) -> Sql:
        pattern = f"{before}{_escaped(wanted)}{after}"
        return Sql(
            f"{self._lower(field.text)} LIKE {self._lower('%s')} ESCAPE '\\'", (*field.parameters, pattern)
        )

    def custom(self, column: str, name: str) -> Sql:
        return Sql(f"CAST(NULLIF({column}, '') AS json) ->> CAST(%s AS text)", (name,))

    def number(self, field: Sql) -> Sql:
        return Sql(
            f"CASE WHEN {field.text} ~ '{NUMBER}' THEN CAST({field.text} AS double precision) END",
            field.parameters * 2,
        )

    def day(self, field: Sql) -> Sql:
        form = "^[0-9]{4}-[0-9]{2}-[0-9]{2}"
        return Sql(
            f"""CASE WHEN {field.text} ~ '{form}' THEN left({field.text}, 10) COLLATE "C" END""",
            field.parameters * 2,
        )

    def one_of(self, ids: Collection[int]) -> Sql:
        return Sql("= ANY(%s)", (list(ids),))

    def _lower(self, text: str) -> str:
        return f"lower(({text}){self._collation})"


def dialect() -> Dialect:
    """The wording of the database in use."""
    return Postgresql() if connection.vendor == "postgresql" else Sqlite()


def stored_day(day: date) -> object:
    """A day as a date column holds it."""
    return connection.ops.adapt_datefield_value(day)


def stored_time(moment: datetime) -> object:
    """An instant as a time column holds it."""
    return connection.ops.adapt_datetimefield_value(moment)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _number(text: str | None) -> float | None:
    return None if text is None else numeric(text)
