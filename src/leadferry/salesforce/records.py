"""One record at a time (REST API guide, "sObject Rows" and "Upsert by External ID")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from leadferry.salesforce.connection import Connection, mapped
from leadferry.salesforce.errors import NeedsPerson, NotFound
from leadferry.salesforce.names import checked_id, checked_name, path_segment
from leadferry.salesforce.verdicts import ADMINISTRATOR, refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Upserted:
    """The id of a record, and whether it is new."""

    id: str
    created: bool


def create(connection: Connection, sobject: str, fields: Mapping[str, object]) -> str:
    """The id of the new record."""
    answer = connection.write("POST", f"/sobjects/{checked_name(sobject)}", orjson.dumps(fields))
    return str(_saved(mapped(answer)).get("id"))


def update(connection: Connection, sobject: str, record: str, fields: Mapping[str, object]) -> None:
    """Change the named fields; None clears one."""
    path = f"/sobjects/{checked_name(sobject)}/{checked_id(record)}"
    connection.write("PATCH", path, orjson.dumps(fields))


def upsert(
    connection: Connection, sobject: str, key_field: str, key: str, fields: Mapping[str, object]
) -> Upserted:
    """Create or update the record with this key; raises NeedsPerson when the key field is not there."""
    path = f"/sobjects/{checked_name(sobject)}/{checked_name(key_field)}/{path_segment(key)}"
    with key_field_needed(sobject, key_field):
        answer = connection.write("PATCH", path, orjson.dumps(fields))
    saved = _saved(mapped(answer))
    return Upserted(id=str(saved.get("id")), created=saved.get("created") is True)


def delete(connection: Connection, sobject: str, record: str) -> None:
    """Put the record into the recycle bin."""
    connection.write("DELETE", f"/sobjects/{checked_name(sobject)}/{checked_id(record)}")


@contextmanager
def key_field_needed(sobject: str, key_field: str) -> Iterator[None]:
    """A 404 here means that the key field is missing or hidden, which only a person can mend."""
    try:
        yield
    except NotFound as error:
        if error.code != "NOT_FOUND":
            raise
        missing = NeedsPerson(
            f"Salesforce knows no external ID field {key_field} on {sobject}: {error.message}",
            code=error.code,
            message=error.message,
            status=error.status,
            fields=(key_field,),
            fix=f"Create {sobject}.{key_field} as a unique external ID; let the integration user edit it.",
            who=ADMINISTRATOR,
        )
        missing.rows = error.rows
        raise missing from error


def _saved(answer: dict[str, object]) -> dict[str, object]:
    # A 2xx may still say success: false (answers recorded by an open connector).
    if answer.get("success") is False:
        raise refused(400, answer.get("errors"))
    return answer
