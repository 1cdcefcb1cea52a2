"""An org that answers what a test told it to: for answers that no well-behaved server gives."""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson

LOGIN = "http://localhost"
JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int = 200
    body: object = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    usage: str | None = "api-usage=18/5000"
    kind: str = JSON

    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


@dataclass(frozen=True, kw_only=True)
class Call:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        body = gzip.decompress(self.raw) if self.headers.get("content-encoding") == "gzip" else self.raw
        return orjson.loads(body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw.decode()))


def page(status: int) -> Reply:
    return Reply(status=status, body=b"<html>maintenance</html>", kind="text/html", usage=None)


def refusing(status: int, code: str, message: str = "no", *fields: str) -> Reply:
    error = {"errorCode": code, "message": message} | ({"fields": list(fields)} if fields else {})
    return Reply(status=status, body=[error])


def granting(access: str = "00D!one", **more: str) -> Reply:
    token = {
        "access_token": access,
        "instance_url": LOGIN,
        "id": "https://login.salesforce.com/id/00Dxx0000000001EAA/005xx0000000001AAA",
        "issued_at": "1764000000000",
        "token_type": "Bearer",
    }
    return Reply(body=token | more, usage=None)


def refusing_grant(error: str, description: str | None = None, status: int = 400) -> Reply:
    said = {"error": error} | ({"error_description": description} if description else {})
    return Reply(status=status, body=said, usage=None)


def saved(count: int, **more: object) -> Reply:
    row = {"id": "00Qxx0000000017EAA", "success": True, "errors": [], "created": True} | more
    return Reply(body=[row] * count)


class ScriptedOrg:
    """A WSGI app; `replies` and `grants` are used up in order, a callable reply sees the call."""

    def __init__(self) -> None:
        self.replies: deque[Reply | Callable[[Call], Reply]] = deque()
        self.grants: deque[Reply] = deque()
        self.calls: list[Call] = []
        self.token_calls: list[Call] = []

    def will(self, *replies: Reply | Callable[[Call], Reply]) -> None:
        self.replies.extend(replies)

    def will_grant(self, *grants: Reply) -> None:
        self.grants.extend(grants)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        call = _call(environ)
        reply = self._reply(call)
        headers = {"Content-Type": reply.kind, **reply.headers}
        if reply.usage:
            headers["Sforce-Limit-Info"] = reply.usage
        start(f"{reply.status} -", list(headers.items()))
        return [reply.payload()]

    def _reply(self, call: Call) -> Reply:
        if call.path == "/services/oauth2/token":
            self.token_calls.append(call)
            return self.grants.popleft() if self.grants else granting(f"00D!{len(self.token_calls)}")
        self.calls.append(call)
        reply = self.replies.popleft()
        return reply(call) if callable(reply) else reply


def _call(environ: dict[str, Any]) -> Call:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    return Call(
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode(),
        query=environ["QUERY_STRING"],
        headers=headers,
        raw=environ["wsgi.input"].read(),
    )
