"""Reading a SOQL text word by word, and over what is SOQL but not simulated.

Such a part is read to its end and remembered, so that a query that is wrong elsewhere is still called wrong.
"""

import re

from leadferry.simulator.errors import ApiError
from leadferry.simulator.tokens import malformed, tokens_of

_NAME = re.compile(r"[A-Za-z_][\w.]*")
_CLAUSES = frozenset({"WHERE", "WITH", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FOR", "UPDATE", "ALL"})
_RESERVED = _CLAUSES | frozenset(
    """
    AND AS ASC DESC END EXCLUDES FIRST FROM IN INCLUDES LAST LIKE NOT NULL NULLS OR SELECT TYPEOF USING
    """.split()
)
_DEPTHS = {"(": 1, ")": -1}
_FUNCTIONS = frozenset(
    """
    AVG COUNT COUNT_DISTINCT GROUPING MAX MIN SUM
    CONVERTCURRENCY CONVERTTIMEZONE DISTANCE FIELDS FORMAT TOLABEL
    CALENDAR_MONTH CALENDAR_QUARTER CALENDAR_YEAR DAY_IN_MONTH DAY_IN_WEEK DAY_IN_YEAR DAY_ONLY
    FISCAL_MONTH FISCAL_QUARTER FISCAL_YEAR HOUR_IN_DAY WEEK_IN_MONTH WEEK_IN_YEAR
    """.split()
)


class Reader:
    """Tokens from left to right; `beyond` is the first thing met that is not simulated, in words."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens_of(text)
        self._at = 0
        self.beyond = ""

    @property
    def ended(self) -> bool:
        return self._at >= len(self._tokens)

    def peek(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def take(self) -> str:
        if self.ended:
            raise self.unexpected("")
        self._at += 1
        return self._tokens[self._at - 1]

    def skip(self, word: str) -> bool:
        """Whether the next token is that word, which is then read."""
        found = self.peek().upper() == word
        self._at += found
        return found

    def expect(self, *words: str) -> None:
        if not any(self.skip(word) for word in words):
            raise self.unexpected(self.peek())

    def name(self) -> str:
        """The next token, which has to be able to name something."""
        if not self._names():
            raise self.unexpected(self.peek())
        return self.take()

    def _names(self) -> bool:
        return bool(_NAME.fullmatch(self.peek())) and self.peek().upper() not in _RESERVED

    def unexpected(self, token: str) -> ApiError:
        return malformed(f"unexpected token: '{token or '<EOF>'}'")

    # over what is not simulated

    def note(self, what: str) -> None:
        self.beyond = self.beyond or what

    def over_alias(self) -> None:
        if self.skip("AS") or self._names():
            self.note(f"An alias in SOQL ({self.name()})")

    def over_function(self, name: str) -> None:
        if name.upper() not in _FUNCTIONS:
            raise self.unexpected("(")
        self.note(f"SOQL's function {name}")
        self._over_group()

    def over_subquery(self) -> None:
        inside = [token.upper() for token in self._over_group()]
        if inside[0] != "SELECT" or "FROM" not in inside[2:-1]:
            raise self.unexpected(inside[0])
        self.note("A subquery in SOQL")

    def over_values(self, word: str) -> None:
        """The values of INCLUDES and EXCLUDES."""
        self.note(f"SOQL's {word}")
        self._over_group()

    def over_typeof(self) -> None:
        self.expect("TYPEOF")
        self.name()
        self.expect("WHEN")
        self.note("SOQL's TYPEOF")
        while not self.skip("END"):
            self.take()

    def over_grouping(self) -> None:
        """What stands after GROUP: fields and functions."""
        self.expect("BY")
        self.note("SOQL's GROUP BY")
        while True:
            self.name()
            if self.peek() == "(":
                self._over_group()
            if not self.skip(","):
                return

    def over_clause(self, word: str) -> None:
        """A clause up to the next one."""
        self.note(f"SOQL's {word}")
        self.take()
        while not self.ended and self.peek().upper() not in _CLAUSES:
            self.take()

    def _over_group(self) -> list[str]:
        """The tokens between a parenthesis and the one that closes it; there has to be one."""
        self.expect("(")
        start, depth = self._at, 1
        while depth:
            depth += _DEPTHS.get(self.take(), 0)
        inside = self._tokens[start : self._at - 1]
        if not inside:
            raise self.unexpected(")")
        return inside
