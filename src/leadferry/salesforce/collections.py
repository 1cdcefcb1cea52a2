"""Many rows in one charged call: up to 200 in one collection, up to 1,000 in five packed in a composite
(REST API guide, "sObject Collections" and "Composite": at most five collections in one composite)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NotRequired, TypedDict, TypeVar, cast

import orjson

from leadferry.salesforce import composite
from leadferry.salesforce.composite import MOST_COLLECTIONS, SubAnswer, SubRequest
from leadferry.salesforce.connection import UNASSIGNED, Connection
from leadferry.salesforce.errors import InDoubt, SalesforceError, TryLater
from leadferry.salesforce.names import checked_id, checked_name
from leadferry.salesforce.verdicts import refused, worst

COLLECTION = 200
MOST_ROWS = COLLECTION * MOST_COLLECTIONS
MOST_READ = 2000
_HEAD = b'{"allOrNone":false,"records":['

Row = TypeVar("Row", bytes, str)
Result = TypeVar("Result")


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
    """One collection request over `size` rows; with `unassigned` no assignment rule runs."""

    method: str
    path: str
    body: bytes
    size: int
    unassigned: bool = False


def upsert(
    connection: Connection,
    sobject: str,
    key_field: str,
    rows: Sequence[bytes],
    *,
    existing: Sequence[bool] = (),
) -> list[RowResult]:
    """Results by position; see Client.upsert_rows."""
    path = f"/composite/sobjects/{checked_name(sobject)}/{checked_name(key_field)}"
    if not (connection.manners.assigns and any(existing)):
        return _delivered(connection, _parts("PATCH", path, rows))
    # A rule would run for updates too and take leads from who works on them, so updates travel apart.
    order = sorted(range(len(rows)), key=existing.__getitem__)
    new = len(rows) - sum(existing)
    ordered = [rows[place] for place in order]
    updates = [replace(part, unassigned=True) for part in _parts("PATCH", path, ordered[new:])]
    parts = [*_parts("PATCH", path, ordered[:new]), *updates]
    if len(parts) > MOST_COLLECTIONS:
        return _delivered(connection, _parts("PATCH", path, rows))
    try:
        return _restored(order, _delivered(connection, parts))
    except SalesforceError as error:
        error.rows = _restored(order, error.rows) if error.rows else ()
        raise


def _restored(order: Sequence[int], found: Sequence[Result]) -> list[Result]:
    """What was found for rows in `order`, in the order of the rows."""
    placed = dict(zip(order, found, strict=True))
    return [placed[place] for place in range(len(order))]


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
    part = parts[0]
    answer = connection.write(part.method, part.path, part.body, unassigned=part.unassigned)
    results = _checked(part, answer.json(), answer.status)
    if isinstance(results, InDoubt):
        raise results
    return results


def _packed(connection: Connection, parts: Sequence[Part]) -> list[RowResult]:
    requests = [
        SubRequest(
            method=part.method,
            path=part.path,
            reference_id=f"part{number}",
            body=part.body or None,
            headers=UNASSIGNED if part.unassigned else {},
        )
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
