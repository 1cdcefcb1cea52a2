"""Several requests packed in one charged call (REST API guide, "Composite")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from leadferry.salesforce.connection import Connection, mapped
from leadferry.salesforce.wire import lost

MOST_REQUESTS = 25
MOST_COLLECTIONS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class SubRequest:
    """One request of a composite; `path` is below the API version, `body` an object or its JSON as bytes."""

    method: str
    path: str
    reference_id: str
    body: bytes | Mapping[str, object] | Sequence[object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SubAnswer:
    """One answer of a composite, in the order of the requests; 4xx here is an answer, not an exception."""

    reference_id: str
    status: int
    body: object
    headers: Mapping[str, str]


def send(connection: Connection, requests: Sequence[SubRequest], *, all_or_none: bool) -> list[SubAnswer]:
    """The answers to at most 25 requests; raises ValueError for more, or for two with one reference id."""
    if not requests:
        return []
    names = [request.reference_id for request in requests]
    if len(names) > MOST_REQUESTS or len(set(names)) < len(names):
        raise ValueError(f"A composite takes at most {MOST_REQUESTS} requests with different reference ids")
    parts = b",".join(_part(connection, request) for request in requests)
    flag = b"true" if all_or_none else b"false"
    body = b'{"allOrNone":%s,"compositeRequest":[%s]}' % (flag, parts)
    answer = connection.write("POST", "/composite", body)
    found = mapped(answer).get("compositeResponse")
    answers = {part.reference_id: part for part in map(_sub_answer, found if isinstance(found, list) else ())}
    if any(name not in answers for name in names):
        raise lost("Salesforce's composite answer does not cover every request", True, answer.status)
    return [answers[name] for name in names]


def _part(connection: Connection, request: SubRequest) -> bytes:
    url = request.path if request.path.startswith("/services/") else connection.root + request.path
    headers = dict(request.headers)
    if request.method != "GET":
        headers = connection.manners.of_a_write() | headers
    frame: dict[str, object] = {"method": request.method, "url": url, "referenceId": request.reference_id}
    if headers:
        frame["httpHeaders"] = headers
    head = orjson.dumps(frame)
    if request.body is None:
        return head
    body = request.body if isinstance(request.body, bytes) else orjson.dumps(request.body)
    return head[:-1] + b',"body":' + body + b"}"


def _sub_answer(part: object) -> SubAnswer:
    known = part if isinstance(part, dict) else {}
    status, headers = known.get("httpStatusCode"), known.get("httpHeaders")
    return SubAnswer(
        reference_id=str(known.get("referenceId")),
        status=status if isinstance(status, int) else 0,
        body=known.get("body"),
        headers=headers if isinstance(headers, dict) else {},
    )
