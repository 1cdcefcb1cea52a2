"""The client: one method for each thing that can be said to Salesforce."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, cast

from leadferry.salesforce import collections, composite, records, tooling
from leadferry.salesforce.auth import Authorization
from leadferry.salesforce.collections import RowResult
from leadferry.salesforce.composite import SubAnswer, SubRequest
from leadferry.salesforce.connection import Connection, Manners, mapped
from leadferry.salesforce.describe import Description, describe
from leadferry.salesforce.errors import TryLater
from leadferry.salesforce.limits import Usage
from leadferry.salesforce.oauth import Identity
from leadferry.salesforce.query import records as queried
from leadferry.salesforce.records import Upserted
from leadferry.salesforce.transport import Timeouts, Transport
from leadferry.salesforce.userinfo import username

DEFAULT_VERSION = "66.0"


class Client:
    """One Salesforce org, through one credential; safe to share between threads.

    Nothing is sent before the first call. No call is repeated here, save once after a 401 with a new token:
    how long to wait before another try is the caller's to decide. Every call may raise any SalesforceError.

    `auto_assign` is TRUE, FALSE or the id of an assignment rule (None leaves it to Salesforce, which then
    runs the active rule); `allow_duplicates` saves where a duplicate rule only warns; `compress` None
    compresses requests when that pays; `on_answer` is told the usage after each charged call, in the
    calling thread, and must not raise. A `transport` of your own is yours to close.
    """

    def __init__(
        self,
        authorization: Authorization,
        *,
        api_version: str = DEFAULT_VERSION,
        transport: Transport | None = None,
        timeout: Timeouts | None = None,
        compress: bool | None = None,
        client_name: str = "leadferry",
        auto_assign: str | None = "FALSE",
        allow_duplicates: bool = False,
        on_answer: Callable[[Usage | None], None] | None = None,
    ) -> None:
        manners = Manners(
            api_version=api_version,
            client_name=client_name,
            auto_assign=auto_assign,
            allow_duplicates=allow_duplicates,
            compress=compress,
        )
        self._connection = Connection(
            authorization, manners, transport=transport, timeout=timeout or Timeouts(), on_answer=on_answer
        )

    @property
    def calls(self) -> int:
        """Requests that Salesforce charged since this client was made; one whose answer was lost counts."""
        return self._connection.calls

    @property
    def usage(self) -> Usage | None:
        """The org's usage as the newest answer told it."""
        return self._connection.usage

    @property
    def warning(self) -> str:
        """What Salesforce warned of last, such as the coming end of this API version; "" for nothing."""
        return self._connection.warning

    @property
    def identity(self) -> Identity | None:
        """Org, user and host; None before the first token."""
        return self._connection.identity

    def connect(self) -> Identity:
        """Get a token if there is none; costs no API call."""
        return self._connection.token().identity

    def username(self) -> str:
        """The name that the client's user signs in with; "" when Salesforce does not tell. Not charged."""
        return username(self._connection)

    def versions(self) -> list[dict[str, Any]]:
        """The API versions of the org, oldest first: label, url, version. Not charged."""
        found = self._connection.open_read("/services/data/").json()
        if not isinstance(found, list):
            raise TryLater("Salesforce's list of versions is not a list")
        return found

    def describe(self, sobject: str, *, if_modified_since: str | None = None) -> Description | None:
        """Fields and abilities of an object; None when unchanged since that HTTP date."""
        return describe(self._connection, sobject, if_modified_since=if_modified_since)

    def limits(self) -> dict[str, Any]:
        """The org's allocations by name, each with Max and Remaining; may lag behind."""
        return mapped(self._connection.read("/limits"))

    def query(
        self, soql: str, *, include_deleted: bool = False, before_call: Callable[[], None] = lambda: None
    ) -> Iterator[dict[str, Any]]:
        """The records of a SOQL query; each page is one call, made when the iteration reaches it.

        What `before_call` raises ends the query before the next call is charged.
        """
        return queried(self._connection, soql, include_deleted=include_deleted, before_call=before_call)

    def create(self, sobject: str, fields: Mapping[str, object]) -> str:
        """The id of a new record."""
        return records.create(self._connection, sobject, fields)

    def update(self, sobject: str, id: str, fields: Mapping[str, object]) -> None:
        """Change the named fields of a record; None clears a field."""
        records.update(self._connection, sobject, id, fields)

    def upsert(self, sobject: str, key_field: str, key: str, fields: Mapping[str, object]) -> Upserted:
        """Create or update the record that holds this key; `fields` must not contain the key field.

        Raises SeveralMatches when more than one holds it, NeedsPerson when the key field is not there.
        """
        return records.upsert(self._connection, sobject, key_field, key, fields)

    def delete(self, sobject: str, id: str) -> None:
        """Put a record into the recycle bin; raises NotFound when it is there already."""
        records.delete(self._connection, sobject, id)

    def upsert_rows(
        self, sobject: str, key_field: str, rows: Sequence[bytes], *, existing: Sequence[bool] = ()
    ) -> list[RowResult]:
        """Create or update up to 1,000 records in one charged call; results by position.

        Each row is the JSON object of one record as bytes, sent as it is: with `"attributes":{"type":…}` and
        the key field, without Id. A refused row is a result; a refused call is an exception, and when only a
        part of a packed call was refused, its `rows` hold the results of the other parts. `existing` says
        by position which records are known to exist: the assignment rule is not run for those.
        """
        with records.key_field_needed(sobject, key_field):
            return collections.upsert(self._connection, sobject, key_field, rows, existing=existing)

    def create_rows(self, rows: Sequence[bytes]) -> list[RowResult]:
        """Create up to 1,000 records in one charged call; rows as in `upsert_rows`, without a key."""
        return collections.create(self._connection, rows)

    def update_rows(self, rows: Sequence[bytes]) -> list[RowResult]:
        """Update up to 1,000 records in one charged call; rows as in `upsert_rows`, each with `"id"`."""
        return collections.update(self._connection, rows)

    def delete_rows(self, ids: Sequence[str]) -> list[RowResult]:
        """Delete up to 1,000 records in one charged call; results by position."""
        return collections.delete(self._connection, ids)

    def retrieve_rows(
        self, sobject: str, ids: Sequence[str], fields: Sequence[str]
    ) -> list[dict[str, Any] | None]:
        """Up to 2,000 records in one charged call, by position; None where none is to be seen."""
        return cast(list[dict[str, Any] | None], collections.retrieve(self._connection, sobject, ids, fields))

    def composite(self, requests: Sequence[SubRequest], *, all_or_none: bool = False) -> list[SubAnswer]:
        """Up to 25 requests in one charged call, at most five of them queries or collections."""
        return composite.send(self._connection, requests, all_or_none=all_or_none)

    def create_field(self, sobject: str, name: str, metadata: Mapping[str, object]) -> None:
        """Add a custom field to an object; nobody sees it before a permission set shows it."""
        tooling.create_field(self._connection, sobject, name, metadata)

    def close(self) -> None:
        """Close the connections; the token stays for the next client of this process."""
        self._connection.wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
