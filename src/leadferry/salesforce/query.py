"""SOQL, page by page (REST API guide, "Query" and "QueryAll")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from leadferry.salesforce.connection import Connection, mapped
from leadferry.salesforce.errors import TryLater


def records(
    connection: Connection,
    soql: str,
    *,
    include_deleted: bool,
    before_call: Callable[[], None] = lambda: None,
) -> Iterator[dict[str, object]]:
    """Every record of the query; each page is one charged call, made when the iteration reaches it."""
    path = f"/{'queryAll' if include_deleted else 'query'}?{urlencode({'q': soql})}"
    while path:
        before_call()
        page = mapped(connection.read(path))
        found, following = page.get("records"), page.get("nextRecordsUrl")
        if not isinstance(found, list) or (following and following == path):
            raise TryLater("Salesforce's query answer holds no records or leads back to itself")
        yield from found
        path = _checked(following)


def _checked(following: object) -> str:
    if not following:
        return ""
    # The token goes along, so the address must stay on the org's own host.
    if not isinstance(following, str) or not following.startswith("/services/data/"):
        raise TryLater("Salesforce's query answer names no usable next page")
    return following
