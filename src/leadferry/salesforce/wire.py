"""One HTTP exchange: bytes out, bytes in, every wait bounded, every failure named."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import (
    ClosedPoolError,
    ConnectTimeoutError,
    HTTPError,
    LocationValueError,
    NewConnectionError,
    ProxyError,
)
from urllib3.exceptions import TimeoutError as WaitedTooLong

from leadferry.salesforce.errors import InDoubt, Rejected, TryLater, Unreachable
from leadferry.salesforce.transport import Network, Timeouts, Transport

LARGEST_ANSWER = 64 * 1024 * 1024
_NOTHING_SENT = (NewConnectionError, ConnectTimeoutError, ProxyError, LocationValueError, ClosedPoolError)
_AT_ONCE = 64 * 1024

Headers = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Status, headers (named in any case) and unpacked body of one HTTP answer."""

    status: int
    headers: Headers
    body: bytes
    write: bool

    @property
    def is_page(self) -> bool:
        """True when this is HTML: written by an edge server or a proxy, never by the API."""
        return "html" in self.headers.get("content-type", "")

    @property
    def is_json(self) -> bool:
        """True when the answer says that it is JSON."""
        return "json" in self.headers.get("content-type", "")

    def json(self) -> object:
        """The parsed body; raises TryLater for a page, and for anything else that is not whole JSON
        InDoubt after a write, TryLater after a read."""
        if self.is_page:
            raise TryLater(f"Salesforce answered with a web page (HTTP {self.status})", status=self.status)
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise lost("Salesforce's answer is cut off or not JSON", self.write, self.status) from None


def lost(sentence: str, write: bool, status: int | None = None) -> TryLater:
    """The error for a request whose complete answer never came."""
    if write:
        return InDoubt(f"{sentence}; what was sent may have been saved", status=status)
    return TryLater(sentence, status=status)


class Wire:
    """Sends requests over the network, or over a transport of the caller's; safe to share between threads."""

    def __init__(self, timeouts: Timeouts, transport: Transport | None) -> None:
        self._network = Network(timeouts)
        self._transport = transport or self._network
        self._total = timeouts.total

    def send(self, method: str, url: str, headers: Headers, body: bytes = b"", *, write: bool) -> Answer:
        """The whole answer. Raises Unreachable when nothing was sent, and when the answer was lost InDoubt
        (`write`) or TryLater."""
        deadline = time.monotonic() + self._total
        try:
            response = self._transport.request(method, url, headers, body)
            if response.status < 200:
                response.close()  # the answer that is still to come must not be taken for the next one's
                raise lost(f"Salesforce sent only an interim answer (HTTP {response.status})", write)
            return Answer(
                status=response.status,
                headers=response.headers,
                body=_whole(response, deadline, write),
                write=write,
            )
        except _NOTHING_SENT as error:
            through = " through the proxy in HTTPS_PROXY" if isinstance(error, ProxyError) else ""
            raise Unreachable(f"No connection to {_place(url)}{through}: {_cause(error)}") from error
        except (HTTPError, OSError) as error:
            raise lost(f"No complete answer from {_place(url)}: {_cause(error)}", write) from error

    def close(self) -> None:
        """Close the connections made here; a transport that was passed in is its owner's to close."""
        self._network.close()


def _whole(response: BaseHTTPResponse, deadline: float, write: bool) -> bytes:
    """The unpacked body, unless it takes too long or too much room."""
    pieces: list[bytes] = []
    size = 0
    try:
        # What has come is taken at once: waiting for a whole piece could take for ever, a byte at a time.
        while piece := response.read1(_AT_ONCE, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            _check_bounds(size, deadline, write)
    finally:
        response.close()  # which leaves the connection alone once all has come
    return b"".join(pieces)


def _check_bounds(size: int, deadline: float, write: bool) -> None:
    if time.monotonic() > deadline:
        raise lost("The answer took longer than the time-out for a whole answer", write)
    if size > LARGEST_ANSWER:
        sentence = "Salesforce's answer is larger than 64 MiB"
        raise lost(sentence, write) if write else Rejected(sentence)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _cause(error: Exception) -> str:
    """What happened, in the words of the system; what the host or a library says may quote what was sent."""
    cause: object = error
    while not isinstance(cause, OSError) and isinstance(cause, Exception):
        inner = cause.__cause__ or (cause.args[-1] if cause.args else None)
        if not isinstance(inner, Exception):
            break
        cause = inner
    if isinstance(cause, TimeoutError | WaitedTooLong):
        return "timed out"
    if isinstance(cause, OSError):
        return " ".join((cause.strerror or str(cause)).split())[:200].rstrip(".") or type(cause).__name__
    return str(cause)[:200] if isinstance(cause, LocationValueError) else type(cause).__name__
