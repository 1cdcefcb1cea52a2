"""What an org's object looks like (REST API guide, "sObject Describe")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from leadferry.salesforce.connection import Connection, mapped
from leadferry.salesforce.names import checked_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """The describe of one object, parsed; `last_modified` is the HTTP date to ask with next time."""

    content: Mapping[str, Any]
    last_modified: str | None


def describe(connection: Connection, sobject: str, *, if_modified_since: str | None) -> Description | None:
    """None when nothing changed since that HTTP date."""
    condition = {"If-Modified-Since": if_modified_since} if if_modified_since else None
    answer = connection.read(f"/sobjects/{checked_name(sobject)}/describe", headers=condition)
    if answer.status == 304:
        return None
    content = cast(Mapping[str, Any], mapped(answer))
    return Description(content=content, last_modified=answer.headers.get("last-modified"))
