"""A subset of SOQL, read into SQL over the store.

SELECT fields or count() FROM object WHERE comparisons joined by AND, OR, NOT and parentheses ORDER BY ...
LIMIT n OFFSET n. Text is compared without regard to case, except in case-sensitive fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.simulator.errors import ApiError, bad_request, not_simulated
from leadferry.simulator.ids import canonical
from leadferry.simulator.org import Org
from leadferry.simulator.schema import Field, Schema
from leadferry.simulator.shapes import Json
from leadferry.simulator.tokens import dated, malformed, pattern, relative, text_of, tokens_of

_SIGNS = frozenset({"=", "!=", "<>", "<", ">", "<=", ">="})
_BEYOND = frozenset({"GROUP", "HAVING", "FOR", "WITH", "USING", "TYPEOF", "INCLUDES", "EXCLUDES", "ALL"})


@dataclass(frozen=True, kw_only=True)
class Query:
    """A query ready to run: `where` and `tail` are SQL, `values` its parameters."""

    sobject: str
    fields: Sequence[Field]
    counts: bool
    where: str
    values: Sequence[Any]
    tail: str


def parse(org: Org, text: str) -> Query:
    """The query that a text means; refusals carry the platform's codes."""
    return _Parser(org, text).query()


class _Parser:
    """Reads tokens from left to right; `_values` collects the parameters in the order of the SQL."""

    def __init__(self, org: Org, text: str) -> None:
        self._org = org
        self._tokens = tokens_of(text)
        self._at = 0
        self._values: list[Any] = []
        self._schema: Schema

    def query(self) -> Query:
        self._expect("SELECT")
        names = self._names()
        self._expect("FROM")
        self._schema = self._object(self._take())
        counts = names == ["count()"]
        fields = [] if counts else [self._field(name) for name in names]
        where = self._either() if self._skip("WHERE") else "1"
        tail = self._tail()
        if self._at < len(self._tokens):
            raise self._unexpected(self._tokens[self._at])
        return Query(
            sobject=self._schema.sobject,
            fields=fields,
            counts=counts,
            where=where,
            values=self._values,
            tail=tail,
        )

    # words

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        if self._at >= len(self._tokens):
            raise malformed("unexpected token: '<EOF>'")
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip(self, word: str) -> bool:
        found = self._peek().upper() == word
        self._at += found
        return found

    def _expect(self, word: str) -> None:
        if not self._skip(word):
            raise self._unexpected(self._peek())

    def _unexpected(self, token: str) -> ApiError:
        if token.upper() in _BEYOND:
            return not_simulated(f"SOQL's {token.upper()}")
        return malformed(f"unexpected token: '{token or '<EOF>'}'")

    # parts

    def _names(self) -> list[str]:
        names = []
        while True:
            name = self._take()
            if name.lower() == "count" and self._skip("("):
                self._expect(")")
                name = "count()"
            if "(" in (name, self._peek()):
                raise not_simulated("A subquery or function in SELECT")
            names.append(name)
            if not self._skip(","):
                return names

    def _object(self, name: str) -> Schema:
        for known, schema in self._org.schemas.items():
            if known.lower() == name.lower():
                return schema
        text = (
            f"sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure "
        )
        raise bad_request("INVALID_TYPE", text + "to append the '__c' after the entity name.")

    def _field(self, name: str) -> Field:
        found = self._schema.seen(
            name.split(".", 1)[1] if name.startswith(f"{self._schema.sobject}.") else name
        )
        if found is None and "." in name:
            raise not_simulated(f"A field of a related record ({name})")
        if found is None:
            raise bad_request("INVALID_FIELD", f"No such column '{name}' on entity '{self._schema.sobject}'.")
        return found

    def _either(self) -> str:
        parts = [self._both()]
        while self._skip("OR"):
            parts.append(self._both())
        return " OR ".join(parts)

    def _both(self) -> str:
        parts = [self._condition()]
        while self._skip("AND"):
            parts.append(self._condition())
        return " AND ".join(f"({part})" for part in parts)

    def _condition(self) -> str:
        if self._skip("NOT"):
            return f"NOT coalesce({self._condition()}, 0)"
        if self._skip("("):
            inner = self._either()
            self._expect(")")
            return f"({inner})"
        field = self._filterable(self._field(self._take()))
        return self._comparison(field)

    def _filterable(self, field: Field) -> Field:
        if field.type == "textarea" and field.length > 255:
            text = f"field '{field.name}' can not be filtered in a query call"
            raise bad_request("INVALID_FIELD", text)
        return field

    def _comparison(self, field: Field) -> str:
        sql = self._org.sql_of(field)
        word = self._take().upper()
        if word == "NOT":
            self._expect("IN")
            return f"({sql} NOT IN ({self._list(field)}) OR {sql} IS NULL)"
        if word == "IN":
            return f"{sql} IN ({self._list(field)})"
        if word == "LIKE":
            self._values.append(pattern(self._take()))
            return f"{sql} LIKE ? ESCAPE '\\'"
        if word not in _SIGNS:
            raise self._unexpected(word)
        return self._compared(sql, word.replace("<>", "!="), self._literal(field))

    def _compared(self, sql: str, sign: str, value: Json) -> str:
        if value is None:
            return f"{sql} IS {'NOT ' if sign == '!=' else ''}NULL"
        self._values.append(value)
        return f"({sql} != ? OR {sql} IS NULL)" if sign == "!=" else f"{sql} {sign} ?"

    def _list(self, field: Field) -> str:
        self._expect("(")
        marks = 0
        while True:
            self._values.append(self._literal(field))
            marks += 1
            if not self._skip(","):
                self._expect(")")
                return ",".join("?" * marks)

    def _literal(self, field: Field) -> Json:
        token = self._take()
        if token.startswith("'"):
            text = text_of(token)
            return (canonical(text) or text) if field.type in ("id", "reference") else text
        if token.upper() in ("TRUE", "FALSE", "NULL"):
            return {"TRUE": 1, "FALSE": 0}.get(token.upper())
        if token[:1].isdigit() or token[:1] == "-":
            return dated(token) if "-" in token[1:] else float(token) if "." in token else int(token)
        return relative(token, self._org.now(), field)

    def _tail(self) -> str:
        order = "ORDER BY " + ", ".join(self._orders()) if self._skip("ORDER") else "ORDER BY seq"
        limit = f" LIMIT {self._whole()}" if self._skip("LIMIT") else ""
        offset = f" OFFSET {self._whole()}" if self._skip("OFFSET") else ""
        return order + (limit or " LIMIT -1" if offset else limit) + offset

    def _orders(self) -> list[str]:
        self._expect("BY")
        orders = []
        while True:
            sql = self._org.sql_of(self._filterable(self._field(self._take())))
            down = self._skip("DESC")
            self._skip("ASC")
            nulls = self._take().upper() if self._skip("NULLS") else "LAST" if down else "FIRST"
            orders.append(f"{sql} {'DESC' if down else 'ASC'} NULLS {'LAST' if nulls == 'LAST' else 'FIRST'}")
            if not self._skip(","):
                return [*orders, "seq"]

    def _whole(self) -> int:
        token = self._take()
        if not token.isdigit():
            raise self._unexpected(token)
        return int(token)
