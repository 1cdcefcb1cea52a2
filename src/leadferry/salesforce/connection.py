"""Authorized calls to one org: headers, compression, the one replay after a 401, and what was charged."""

from __future__ import annotations

import gzip
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from leadferry.salesforce.addresses import is_loopback
from leadferry.salesforce.auth import Authorization
from leadferry.salesforce.errors import TryLater, Unreachable
from leadferry.salesforce.limits import Usage, parse_usage
from leadferry.salesforce.oauth import Identity, Token
from leadferry.salesforce.session import session_for
from leadferry.salesforce.transport import Timeouts, Transport
from leadferry.salesforce.verdicts import refusal
from leadferry.salesforce.wire import Answer, Headers, Wire, lost

WORTH_COMPRESSING = 1024
# 401s that a new token would meet again (seen by the jsforce and RudderStack clients).
_BEYOND_REFRESH = re.compile(
    rb"not valid for use with the REST API|not attached to Agent|INVALID_AUTH_HEADER|INVALID_HEADER_TYPE"
)
_VERSION = re.compile(r"\d{2}\.\d")
_HEADER_VALUE = re.compile(r"[!-~]+")

UNASSIGNED = {"Sforce-Auto-Assign": "FALSE"}
"""No assignment rule for these records (REST API guide, "Assignment Rule Header"; the default is TRUE)."""

Listener = Callable[[Usage | None], None]


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How an org is spoken to (REST API guide, "Headers")."""

    api_version: str
    client_name: str
    auto_assign: str | None
    allow_duplicates: bool
    compress: bool | None

    def __post_init__(self) -> None:
        if not _VERSION.fullmatch(self.api_version):
            raise ValueError(f"api_version {self.api_version!r} must look like '66.0'")
        for value in (self.client_name, self.auto_assign or "FALSE"):
            if not _HEADER_VALUE.fullmatch(value):
                raise ValueError(f"{value!r} cannot be sent in a header")

    @property
    def assigns(self) -> bool:
        """Whether an assignment rule may run for what is written."""
        return (self.auto_assign or "TRUE").upper() != "FALSE"

    def of_a_write(self) -> dict[str, str]:
        """The Sforce headers that change what a write does; inside a composite each part needs its own."""
        headers = {"Sforce-Mru": "updateMru=false"}
        if self.auto_assign is not None:
            headers["Sforce-Auto-Assign"] = self.auto_assign
        if self.allow_duplicates:
            headers["Sforce-Duplicate-Rule-Header"] = "allowSave=true"
        return headers

    def of_every_call(self) -> dict[str, str]:
        """The headers that say who calls and what is understood."""
        return {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": self.client_name,
            "Sforce-Call-Options": f"client={self.client_name}",
        }


class Connection:
    """One org seen through one credential; safe to share between threads."""

    def __init__(
        self,
        authorization: Authorization,
        manners: Manners,
        *,
        transport: Transport | None,
        timeout: Timeouts,
        on_answer: Listener | None,
    ) -> None:
        self.wire = Wire(timeout, transport)
        self.session = session_for(authorization, transport)
        self.root = f"/services/data/v{manners.api_version}"
        self.manners = manners
        self.calls = 0
        self.usage: Usage | None = None
        self.warning = ""
        self.identity: Identity | None = None
        self._on_answer = on_answer
        self._lock = threading.Lock()
        self._read_headers = manners.of_every_call()
        writing = self._read_headers | manners.of_a_write() | {"Content-Type": "application/json"}
        self._write_headers, self._unassigned_headers = writing, writing | UNASSIGNED

    def token(self) -> Token:
        """The current token, asked for if need be; sets `identity`."""
        token = self.session.token(self.wire)
        self.identity = token.identity
        return token

    def read(self, path: str, *, headers: Headers | None = None) -> Answer:
        """GET of a path below the API version, or of an absolute one; raises for all but 2xx and 304."""
        return self._called("GET", path, b"", {**self._read_headers, **(headers or {})}, write=False)

    def ask(self, path: str, body: bytes) -> Answer:
        """POST that changes nothing."""
        return self._called("POST", path, body, self._write_headers, write=False)

    def write(self, method: str, path: str, body: bytes = b"", *, unassigned: bool = False) -> Answer:
        """A call that changes records, `unassigned` ones without assignment rule; raises for all but 2xx."""
        headers = self._unassigned_headers if unassigned else self._write_headers
        return self._called(method, path, body, headers, write=True)

    def open_read(self, path: str) -> Answer:
        """GET of a resource that needs no token and is not charged."""
        url = self.token().identity.instance_url + path
        answer = self.wire.send("GET", url, self._read_headers, write=False)
        if answer.status != 200:
            raise refusal(answer)
        return answer

    def told_of_token(self, path: str) -> Answer:
        """GET of a sign-in resource, which is not charged and answers 403 for a token that is over."""
        token = self.token()
        answer = self._uncharged(path, token)
        return self._uncharged(path, self._renewed(token)) if answer.status in (401, 403) else answer

    def _uncharged(self, path: str, token: Token) -> Answer:
        url = token.identity.instance_url + path
        return self.wire.send("GET", url, _signed(self._read_headers, token), write=False)

    def _called(self, method: str, path: str, body: bytes, headers: Headers, *, write: bool) -> Answer:
        token = self.token()
        path = path if path.startswith("/services/") else self.root + path
        if body and self._compresses(body, token):
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers = {**headers, "Content-Encoding": "gzip"}
        answer = self._sent(method, path, body, headers, token, write)
        if answer.status == 401 and not _BEYOND_REFRESH.search(answer.body):
            token = self._renewed(token)
            answer = self._sent(method, path, body, headers, token, write)
            if answer.status == 401:
                self.session.forget(token)
        if 200 <= answer.status < 300 or answer.status == 304:
            return answer
        raise refusal(answer)

    def _renewed(self, refused: Token) -> Token:
        token = self.session.renewed(self.wire, instead_of=refused)
        self.identity = token.identity
        return token

    def _sent(
        self, method: str, path: str, body: bytes, headers: Headers, token: Token, write: bool
    ) -> Answer:
        url = token.identity.instance_url + path
        try:
            answer = self.wire.send(method, url, _signed(headers, token), body, write=write)
        except Unreachable:
            raise
        except TryLater:
            # The request left: Salesforce may have charged it, so it counts.
            self._charge(None)
            raise
        self.warning = answer.headers.get("warning", self.warning)
        usage = parse_usage(answer.headers.get("sforce-limit-info"))
        if usage is not None or _is_charged(answer):
            self._charge(usage)
        return answer

    def _charge(self, usage: Usage | None) -> None:
        with self._lock:
            self.calls += 1
            self.usage = usage or self.usage
        if self._on_answer is not None:
            self._on_answer(usage)

    def _compresses(self, body: bytes, token: Token) -> bool:
        if self.manners.compress is not None:
            return self.manners.compress
        host = urlsplit(token.identity.instance_url).hostname or ""
        return len(body) >= WORTH_COMPRESSING and not is_loopback(host)


def _signed(headers: Headers, token: Token) -> Headers:
    return {"Authorization": f"Bearer {token.access_token}", **headers}


def _is_charged(answer: Answer) -> bool:
    """Without a usage header, which every counted answer carries (Limits: API request allocations): what was
    done must have been counted, and the header was lost on the way; a refusal without it was not counted.
    """
    return answer.status < 400 and not answer.is_page


def mapped(answer: Answer) -> dict[str, object]:
    """The answer as an object; raises InDoubt or TryLater when it is something else."""
    found = answer.json()
    if isinstance(found, dict):
        return found
    raise lost("Salesforce's answer is not an object", answer.write, answer.status)
