"""A subset of SOQL, read into SQL over the store.

SELECT fields or count() FROM object WHERE comparisons joined by AND, OR, NOT and parentheses ORDER BY ...
LIMIT n OFFSET n. Text is compared without regard to case, except in case-sensitive fields. The rest of
SOQL is refused as not simulated, what is no SOQL as malformed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.simulator.errors import bad_request, not_simulated
from leadferry.simulator.ids import canonical
from leadferry.simulator.org import Org
from leadferry.simulator.reading import Reader
from leadferry.simulator.schema import Field, Schema
from leadferry.simulator.shapes import Json
from leadferry.simulator.tokens import dated, number, pattern, relative, text_of, unknown_literal

_SIGNS = frozenset({"=", "!=", "<>", "<", ">", "<=", ">="})
_ENDINGS = {"FOR": ("VIEW", "REFERENCE", "UPDATE"), "UPDATE": ("TRACKING", "VIEWSTAT"), "ALL": ("ROWS",)}
_COUNT = "count()"
_MOST_DIGITS = 9


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


class _Parser(Reader):
    """Reads a query from left to right; `_values` collects the parameters in the order of the SQL."""

    def __init__(self, org: Org, text: str) -> None:
        super().__init__(text)
        self._org = org
        self._values: list[Any] = []
        self._schema: Schema

    def query(self) -> Query:
        self.expect("SELECT")
        names = self._selected()
        self.expect("FROM")
        self._schema = self._source()
        counts = names == [_COUNT]
        fields = [] if counts else [self._field(name) for name in names]
        where = self._joined() if self.skip("WHERE") else "1"
        tail = self._tail()
        if not self.ended:
            raise self.unexpected(self.peek())
        if self.beyond:
            raise not_simulated(self.beyond)
        return Query(
            sobject=self._schema.sobject,
            fields=fields,
            counts=counts,
            where=where,
            values=self._values,
            tail=tail,
        )

    # parts

    def _selected(self) -> list[str]:
        names = self._selection()
        while self.skip(","):
            names += self._selection()
        return names

    def _selection(self) -> list[str]:
        """One part of SELECT: the name of a field, or nothing where it is read over."""
        if self.peek() == "(":
            self.over_subquery()
            return []
        if self.peek().upper() == "TYPEOF":
            self.over_typeof()
            return []
        name = self.name()
        if name.upper() == "COUNT" and self.peek() == "(" and self.peek(1) == ")":
            self.expect("(")
            self.expect(")")
            return [_COUNT]
        if self.peek() == "(":
            self.over_function(name)
            name = ""
        self.over_alias()
        return [name] if name else []

    def _source(self) -> Schema:
        """What stands after FROM."""
        schema = self._object(self.name())
        self.over_alias()
        while self.skip(","):
            self.note("A second object in FROM")
            self.name()
            self.over_alias()
        if self.skip("USING"):
            self.expect("SCOPE")
            self.note("SOQL's USING SCOPE")
            self.name()
        return schema

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
            self.note(f"A field of a related record ({name})")
        if found is None and not self.beyond:
            raise bad_request("INVALID_FIELD", f"No such column '{name}' on entity '{self._schema.sobject}'.")
        return found or self._stand_in()

    def _stand_in(self) -> Field:
        """Any field, for one of a query that is read to its end and not run."""
        return next(iter(self._schema))

    def _joined(self) -> str:
        """Conditions joined by AND or by OR; both in one row need parentheses (SOQL, "Logical Operators")."""
        parts = [self._condition()]
        word = next((each for each in ("AND", "OR") if self.skip(each)), "")
        while word:
            parts.append(self._condition())
            if not self.skip(word):
                break
        return f" {word} ".join(f"({part})" for part in parts)

    def _condition(self) -> str:
        if self.skip("NOT"):
            return f"NOT coalesce({self._condition()}, 0)"
        if self.skip("("):
            inner = self._joined()
            self.expect(")")
            return f"({inner})"
        return self._comparison(self._operand())

    def _operand(self) -> Field:
        """A field by which rows can be picked or put in order."""
        name = self.name()
        if self.peek() == "(":
            self.over_function(name)
            return self._stand_in()
        return self._filterable(self._field(name))

    def _filterable(self, field: Field) -> Field:
        if field.type == "textarea" and field.length > 255:
            text = f"field '{field.name}' can not be filtered in a query call"
            raise bad_request("INVALID_FIELD", text)
        return field

    def _comparison(self, field: Field) -> str:
        sql = self._org.sql_of(field)
        word = self.take().upper()
        if word == "NOT":
            self.expect("IN")
            return f"({sql} NOT IN ({self._list(field)}) OR {sql} IS NULL)"
        if word == "IN":
            return f"{sql} IN ({self._list(field)})"
        if word in ("INCLUDES", "EXCLUDES"):
            self.over_values(word)
            return "1"
        if word == "LIKE":
            self._values.append(pattern(self.take()))
            return f"{sql} LIKE ? ESCAPE '\\'"
        if word not in _SIGNS:
            raise self.unexpected(word)
        return self._compared(sql, word.replace("<>", "!="), self._literal(field, sign=word))

    def _compared(self, sql: str, sign: str, value: Json) -> str:
        if value is None:
            return f"{sql} IS {'NOT ' if sign == '!=' else ''}NULL"
        self._values.append(value)
        return f"({sql} != ? OR {sql} IS NULL)" if sign == "!=" else f"{sql} {sign} ?"

    def _list(self, field: Field) -> str:
        if self.peek(1).upper() == "SELECT":
            self.over_subquery()
            return ""
        self.expect("(")
        marks = 0
        while True:
            self._values.append(self._literal(field))
            marks += 1
            if not self.skip(","):
                self.expect(")")
                return ",".join("?" * marks)

    def _literal(self, field: Field, *, sign: str = "IN") -> Json:
        token = self.take()
        if token.startswith("'"):
            text = text_of(token)
            return (canonical(text) or text) if field.type in ("id", "reference") else text
        if token.upper() in ("TRUE", "FALSE", "NULL"):
            return {"TRUE": 1, "FALSE": 0}.get(token.upper())
        if token[:1].isdigit() or token[:1] == "-":
            return dated(token) if "-" in token[1:] else number(token)
        if beyond := unknown_literal(token):
            self.note(beyond)
            return None
        day = relative(token, self._org.now(), field)
        if field.type == "datetime" and sign not in ("<", ">="):
            # There it means all of the day, and here only its start.
            self.note(f"SOQL's {sign} {token} with the datetime field {field.name}")
        return day

    def _tail(self) -> str:
        if self.skip("WITH"):
            self.over_clause("WITH")
        if self.skip("GROUP"):
            self.over_grouping()
            if self.skip("HAVING"):
                self._joined()
        order = "ORDER BY " + ", ".join(self._orders()) if self.skip("ORDER") else "ORDER BY seq"
        limit = f" LIMIT {self._whole()}" if self.skip("LIMIT") else ""
        offset = f" OFFSET {self._whole()}" if self.skip("OFFSET") else ""
        for word, kinds in _ENDINGS.items():
            if self.skip(word):
                self.expect(*kinds)
                self.note(f"SOQL's {word}")
        return order + (limit or " LIMIT -1" if offset else limit) + offset

    def _orders(self) -> list[str]:
        self.expect("BY")
        orders = [self._order()]
        while self.skip(","):
            orders.append(self._order())
        return [*orders, "seq"]

    def _order(self) -> str:
        sql = self._org.sql_of(self._operand())
        down = self.skip("DESC")
        if not down:
            self.skip("ASC")
        last = down
        if self.skip("NULLS"):
            last = self.skip("LAST")
            if not last:
                self.expect("FIRST")
        return f"{sql} {'DESC' if down else 'ASC'} NULLS {'LAST' if last else 'FIRST'}"

    def _whole(self) -> int:
        token = self.take()
        if not token.isdigit() or len(token) > _MOST_DIGITS:
            raise self.unexpected(token)
        return int(token)
