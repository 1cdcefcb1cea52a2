"""Many rows in one charged call: up to 200 in one collection, up to 1,000 in five packed in a composite
(REST API guide, "sObject Collections" and "Composite": at most five collections in one composite)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict, TypeVar, cast

import orjson

from leadferry.salesforce import composite
from leadferry.salesforce.composite import MOST_COLLECTIONS, SubAnswer, SubRequest
from leadferry.salesforce.connection import Connection
from leadferry.salesforce.errors import InDoubt, SalesforceError, TryLater
from leadferry.salesforce.names import checked_id, checked_name
from leadferry.salesforce.verdicts import refused, worst

COLLECTION = 200
MOST_ROWS = COLLECTION * MOST_COLLECTIONS
MOST_READ = 2000
_HEAD = b'{"allOrNone":false,"records":['

Row = TypeVar("Row", bytes, str)


class RowError(TypedDict):
    """Why Salesforce refused one row; code and text are Salesforce's own."""

    statusCode: str
    message: str
    fields: list[str]


class RowResult(TypedDict):
    """What became of one row, as Salesforce sent it; refused rows normally carry neither id nor created."""

    success: bool
    errors: list[RowError]
    id: NotRequired[str]
    created: NotRequired[bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One collection request over `size` rows."""

    method: str
    path: str
    body: bytes
    size: int


def upsert(connection: Connection, sobject: str, key_field: str, rows: Sequence[bytes]) -> list[RowResult]:
    """Results by position; see Client.upsert_rows."""
    path = f"/composite/sobjects/{checked_name(sobject)}/{checked_name(key_field)}"
    return _delivered(connection, _parts("PATCH", path, rows))


def create(connection: Connection, rows: Sequence[bytes]) -> list[RowResult]:
    """Results by position; every row names its type in `attributes`."""
    return _delivered(connection, _parts("POST", "/composite/sobjects", rows))


def update(connection: Connection, rows: Sequence[bytes]) -> list[RowResult]:
    """Results by position; every row names its type in `attributes` and carries `id`."""
    return _delivered(connection, _parts("PATCH", "/composite/sobjects", rows))


def delete(connection: Connection, ids: Sequence[str]) -> list[RowResult]:
    """Results by position."""
    chunks = _chunks([checked_id(record) for record in ids])
    path = "/composite/sobjects?allOrNone=false&ids="
    return _delivered(
        connection,
        [Part(method="DELETE", path=path + ",".join(chunk), body=b"", size=len(chunk)) for chunk in chunks],
    )


def retrieve(
    connection: Connection, sobject: str, ids: Sequence[str], fields: Sequence[str]
) -> list[dict[str, object] | None]:
    """Records by position, None where there is none that this user can see; at most 2,000 ids a call."""
    if not ids:
        return []
    if len(ids) > MOST_READ:
        raise ValueError(f"One call reads at most {MOST_READ} records, not {len(ids)}")
    body = orjson.dumps({"ids": list(ids), "fields": list(fields)})
    answer = connection.ask(f"/composite/sobjects/{checked_name(sobject)}", body)
    found = answer.json()
    if isinstance(found, list) and len(found) == len(ids):
        return cast(list[dict[str, object] | None], found)
    raise TryLater("Salesforce's answer does not cover every record asked for", status=answer.status)


def _chunks(rows: Sequence[Row]) -> list[Sequence[Row]]:
    if len(rows) > MOST_ROWS:
        raise ValueError(f"One call takes at most {MOST_ROWS} rows, not {len(rows)}")
    return [rows[start : start + COLLECTION] for start in range(0, len(rows), COLLECTION)]


def _parts(method: str, path: str, rows: Sequence[bytes]) -> list[Part]:
    return [
        Part(method=method, path=path, body=_HEAD + b",".join(chunk) + b"]}", size=len(chunk))
        for chunk in _chunks(rows)
    ]


def _delivered(connection: Connection, parts: Sequence[Part]) -> list[RowResult]:
    if not parts:
        return []
    if len(parts) > 1:
        return _packed(connection, parts)
    answer = connection.write(parts[0].method, parts[0].path, parts[0].body)
    results = _checked(parts[0], answer.json(), answer.status)
    if isinstance(results, InDoubt):
        raise results
    return results


def _packed(connection: Connection, parts: Sequence[Part]) -> list[RowResult]:
    requests = [
        SubRequest(method=part.method, path=part.path, reference_id=f"part{number}", body=part.body or None)
        for number, part in enumerate(parts)
    ]
    answers = composite.send(connection, requests, all_or_none=False)
    rows: list[RowResult | None] = []
    errors: list[SalesforceError] = []
    for part, answer in zip(parts, answers, strict=True):
        results = _results(part, answer)
        if isinstance(results, SalesforceError):
            errors.append(results)
            rows += [None] * part.size
        else:
            rows += results
    if errors:
        error = worst(errors)
        error.rows = rows
        raise error
    return cast(list[RowResult], rows)


def _results(part: Part, answer: SubAnswer) -> list[RowResult] | SalesforceError:
    if not 200 <= answer.status < 300:
        return refused(answer.status, answer.body)
    return _checked(part, answer.body, answer.status)


def _checked(part: Part, body: object, status: int) -> list[RowResult] | InDoubt:
    if isinstance(body, list) and len(body) == part.size and all(map(_is_result, body)):
        return cast(list[RowResult], body)
    return InDoubt("Salesforce's answer does not cover every row that was sent", status=status)


def _is_result(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    if row.get("success") is True:
        return isinstance(row.get("id"), str)
    errors = row.get("errors") if row.get("success") is False else None
    return isinstance(errors, list) and all(isinstance(error, dict) for error in errors)
