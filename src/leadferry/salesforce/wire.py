"""One HTTP exchange: bytes out, bytes in, every wait bounded, every failure named.

It speaks to an httpx2 transport directly: httpx2.Client would log every URL, and a SOQL query holds personal
values; it also keeps cookies and builds redirects, which an API client must not follow.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.request import getproxies, proxy_bypass

import httpx2
import orjson

from leadferry.salesforce.addresses import is_loopback
from leadferry.salesforce.errors import InDoubt, Rejected, TryLater, Unreachable

LARGEST_ANSWER = 64 * 1024 * 1024
_NOTHING_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
# Longer than httpx2's 5 s: database work between two batches should not cost a TLS handshake.
_LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=20.0)

HeaderPairs = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds: for a connection, between two pieces of an answer or of a request, and for a whole answer.

    Salesforce itself ends a REST call after 10 minutes.
    """

    connect: float = 5.0
    read: float = 60.0
    write: float = 30.0
    pool: float = 30.0
    total: float = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Status, headers and unpacked body of one HTTP answer."""

    status: int
    headers: httpx2.Headers
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
    """Sends requests over one transport a host; safe to share between threads."""

    def __init__(self, timeouts: Timeouts, transport: httpx2.BaseTransport | None) -> None:
        self._given = transport
        self._own: dict[str, httpx2.HTTPTransport] = {}
        self._lock = threading.Lock()
        self._total = timeouts.total
        waits = httpx2.Timeout(
            connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=timeouts.pool
        )
        self._extensions = {"timeout": waits.as_dict()}

    def send(self, method: str, url: str, headers: HeaderPairs, body: bytes = b"", *, write: bool) -> Answer:
        """The whole answer. Raises Unreachable when nothing was sent, and when the answer was lost InDoubt
        (`write`) or TryLater."""
        target = _parsed(url)
        request = httpx2.Request(
            method,
            target,
            headers=[(b"Host", target.netloc), *headers, *_length(method, body)],
            stream=httpx2.ByteStream(body),
            extensions=self._extensions,
        )
        try:
            return self._exchanged(request, write)
        except _NOTHING_SENT as error:
            raise Unreachable(f"No connection to {_place(target)}: {_cause(error)}") from error
        except (httpx2.TransportError, httpx2.DecodingError, OSError) as error:
            raise lost(f"No complete answer from {_place(target)}: {_cause(error)}", write) from error

    def close(self) -> None:
        """Close the connections made here; a transport that was passed in is its owner's to close."""
        with self._lock:
            for transport in self._own.values():
                transport.close()
            self._own.clear()

    def _exchanged(self, request: httpx2.Request, write: bool) -> Answer:
        deadline = time.monotonic() + self._total
        transport = self._given or self._transport(request.url)
        response = transport.handle_request(request)
        try:
            pieces: list[bytes] = []
            size = 0
            for piece in response.iter_bytes():
                pieces.append(piece)
                size += len(piece)
                _check_bounds(size, deadline, write)
            return Answer(
                status=response.status_code, headers=response.headers, body=b"".join(pieces), write=write
            )
        finally:
            response.close()

    def _transport(self, url: httpx2.URL) -> httpx2.HTTPTransport:
        with self._lock:
            place = f"{url.scheme}://{_place(url)}"
            if place not in self._own:
                # Plain http (loopback only) has no use for certificates, and loading them takes 50 ms.
                self._own[place] = httpx2.HTTPTransport(
                    verify=url.scheme == "https", limits=_LIMITS, proxy=_proxy(url)
                )
            return self._own[place]


@lru_cache(maxsize=64)
def _parsed(url: str) -> httpx2.URL:
    return httpx2.URL(url)


def _proxy(url: httpx2.URL) -> str | None:
    if is_loopback(url.host) or proxy_bypass(url.host):
        return None
    return getproxies().get(url.scheme)


def _check_bounds(size: int, deadline: float, write: bool) -> None:
    if time.monotonic() > deadline:
        raise lost("The answer took longer than the time-out for a whole answer", write)
    if size > LARGEST_ANSWER:
        sentence = "Salesforce's answer is larger than 64 MiB"
        raise lost(sentence, write) if write else Rejected(sentence)


def _length(method: str, body: bytes) -> HeaderPairs:
    if body or method in ("POST", "PATCH"):
        return [(b"Content-Length", b"%d" % len(body))]
    return ()


def _place(url: httpx2.URL) -> str:
    return f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}"


def _cause(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:200].rstrip(".")
