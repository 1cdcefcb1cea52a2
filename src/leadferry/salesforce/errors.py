"""What can go wrong, sorted by what to do next.

* SalesforceError
  x TryLater                   the same request may pass soon
    + Unreachable              no connection was made: nothing was sent
    + InDoubt                  sent, but no complete answer came: a write may have been committed
    + LimitReached             the daily allocation is used up: pause, do not retry now
  x NeedsPerson                nothing changes until somebody acts: see `.fix` and `.who`
    + AuthorizationRefused     the grant, the credentials or the session were refused
  x Rejected                   this content was refused: other content may pass
    + NotFound                 the record or resource does not exist
    + SeveralMatches           more than one record holds the key: see `.matches`
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadferry.salesforce.collections import RowResult

LONGEST_TEXT = 500


class SalesforceError(Exception):
    """Base of everything this package raises about Salesforce; `str()` is one plain sentence.

    `code` is Salesforce's own (`""` when there was none), `message` its own text (at most 500 characters),
    `status` the HTTP status (None when no answer came), `fields` the API names of the fields concerned.
    `rows` is filled only when one packed call was answered in part: by position, the results that are known,
    None for the rows that this error concerns.
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "",
        message: str = "",
        status: int | None = None,
        fields: Sequence[str] = (),
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.message = (message or sentence)[:LONGEST_TEXT]
        self.status = status
        self.fields = tuple(fields)
        self.rows: Sequence[RowResult | None] = ()


class TryLater(SalesforceError):
    """The org cannot answer now; the same request may pass later."""


class Unreachable(TryLater):
    """No connection was made, so nothing was sent; the text names host and port."""


class InDoubt(TryLater):
    """The request was sent and no complete answer came: a write may have been committed."""


class LimitReached(TryLater):
    """The org's daily API requests are used up; capacity returns over the next 24 hours."""


class NeedsPerson(SalesforceError):
    """Nothing will change until somebody acts: `fix` says what to do, `who` can do it."""

    def __init__(
        self,
        sentence: str,
        *,
        code: str = "",
        message: str = "",
        status: int | None = None,
        fields: Sequence[str] = (),
        fix: str = "",
        who: str = "",
    ) -> None:
        super().__init__(sentence, code=code, message=message, status=status, fields=fields)
        self.fix = fix
        self.who = who


class AuthorizationRefused(NeedsPerson):
    """Salesforce refused the grant, the credentials or the session."""


class Rejected(SalesforceError):
    """This request's content was refused; other content, or less of it, may pass."""


class NotFound(Rejected):
    """The record or resource does not exist, or this user cannot see it."""


class SeveralMatches(Rejected):
    """More than one record holds the key, and nothing was written; `matches` are their URLs."""

    matches: tuple[str, ...] = ()
