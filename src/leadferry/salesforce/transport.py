"""The way to a host and back: pooled and encrypted connections, through the proxy of the environment.

urllib3 does the work; it repeats nothing and follows no redirect here.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import truststore
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import LocationValueError, NewConnectionError

from leadferry.salesforce.addresses import is_loopback

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse

KEPT = 20.0
"""Seconds that an idle connection is used again: a set of calls should cost one handshake, and what lies
between may have forgotten a connection that was silent for longer."""
MOST_KEPT = 20
PIECE = 256 * 1024
"""Bytes of a request sent at a time."""
SENT_WITHIN = 30.0
"""Seconds for each piece."""


class Transport(Protocol):
    """What carries one request; anything with this method can stand in for the network."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> urllib3.BaseHTTPResponse:
        """The answer, whose body need not have come yet. Raises `urllib3.exceptions.HTTPError`."""


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds: for a connection, between two pieces of an answer, and for an answer, which is looked at
    whenever a piece of its body has come.

    Salesforce itself ends a REST call after 10 minutes.
    """

    connect: float = 5.0
    read: float = 60.0
    total: float = 600.0


class Network:
    """The network, with one pool of connections a host; safe to share between threads."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._pools: dict[str, urllib3.HTTPConnectionPool] = {}
        self._lock = threading.Lock()
        self._timeout = urllib3.Timeout(connect=timeouts.connect, read=timeouts.read)

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> urllib3.BaseHTTPResponse:
        """See Transport."""
        place, target = _parted(url)
        if body or method in ("POST", "PATCH"):
            headers = {**headers, "Content-Length": str(len(body))}
        return self._pool(place).urlopen(
            method,
            target,
            body=_pieces(body) if len(body) > PIECE else body or None,
            headers=headers,
            retries=False,
            redirect=False,
            timeout=self._timeout,
            preload_content=False,
        )

    def close(self) -> None:
        """Close the connections that are not in use."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()

    def _pool(self, place: str) -> urllib3.HTTPConnectionPool:
        with self._lock:
            if place not in self._pools:
                self._pools[place] = _opened(place)
            return self._pools[place]


class _Kept(HTTPConnection):
    """A connection that is not used again once it was idle for long, and has its own time for sending."""

    _used = 0.0

    @property
    def is_connected(self) -> bool:
        return super().is_connected and time.monotonic() - self._used <= KEPT

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        before = self.sock.gettimeout()
        self.sock.settimeout(SENT_WITHIN)
        try:
            super().send(data)
            self.sock.settimeout(before)
        except ssl.SSLEOFError as error:
            # As urllib3 takes it without encryption: what the host said before it closed can still be read.
            raise BrokenPipeError(*error.args) from error

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        response = super().getresponse()
        self._used = time.monotonic()
        return response


class _Encrypted(_Kept, HTTPSConnection):
    """A connection that tells apart what failed before anything was sent: handshake, tunnel, certificate."""

    def connect(self) -> None:
        try:
            super().connect()
        except (OSError, HTTPException, ValueError) as error:
            raise NewConnectionError(self, type(error).__name__) from error


class _WithoutQueries(logging.Filter):
    """Cuts queries, for SOQL holds personal values, and quoted answers from what urllib3 logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_cut, record.args))
        record.exc_info = None
        return True


for _name in ("urllib3.connectionpool", "urllib3.connection"):
    logging.getLogger(_name).addFilter(_WithoutQueries())


def _cut(logged: object) -> object:
    if isinstance(logged, Exception):
        return type(logged).__name__
    return logged.partition("?")[0] if isinstance(logged, str) else logged


@lru_cache(maxsize=64)
def _parted(url: str) -> tuple[str, str]:
    """Scheme with host and port; path with query."""
    scheme, host, path, query, _ = urlsplit(url)
    return f"{scheme}://{host}", f"{path or '/'}?{query}" if query else path or "/"


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[start : start + PIECE] for start in range(0, len(body), PIECE))


def _opened(place: str) -> urllib3.HTTPConnectionPool:
    scheme, host = urlsplit(place)[:2]
    if scheme == "http":
        pool = urllib3.connection_from_url(place, maxsize=MOST_KEPT)
        pool.ConnectionCls = _Kept
        return pool
    # What the machine trusts, as its browser does.
    manner = {"maxsize": MOST_KEPT, "ssl_context": truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
    proxy = _proxy(scheme, host)
    pool = _through(proxy, place, manner) if proxy else urllib3.connection_from_url(place, **manner)
    pool.ConnectionCls = _Encrypted
    return pool


def _proxy(scheme: str, host: str) -> str | None:
    name = urlsplit(f"//{host}").hostname or ""
    return None if is_loopback(name) or proxy_bypass(name) else getproxies().get(scheme)


def _through(proxy: str, place: str, manner: Mapping[str, Any]) -> urllib3.HTTPConnectionPool:
    """The pool behind a proxy, which may carry a password: its address is not quoted."""
    try:
        user, is_named, _ = urlsplit(proxy).netloc.rpartition("@")
        basic = b64encode(unquote(user).encode()).decode()
        headers = {"Proxy-Authorization": f"Basic {basic}"} if is_named else {}
        return urllib3.proxy_from_url(proxy, proxy_headers=headers, **manner).connection_from_url(place)
    except ValueError:
        raise LocationValueError("HTTPS_PROXY does not name a proxy that speaks http or https") from None
