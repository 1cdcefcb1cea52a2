"""The way to a host and back: pooled and encrypted connections, through the proxy of the environment.

urllib3 does the work; it repeats nothing and follows no redirect here.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import truststore
import urllib3
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NewConnectionError

from leadferry.salesforce.addresses import is_loopback

KEPT = 20.0
"""Seconds that an idle connection is used again: a set of calls should cost one handshake, and what lies
between may have forgotten a connection that was silent for longer."""
MOST_KEPT = 20
PIECE = 256 * 1024
"""Bytes of a request sent at a time, each within the time-out."""

# It would log the address of every request, and a SOQL query in it holds personal values.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Transport(Protocol):
    """What carries one request; anything with this method can stand in for the network."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> urllib3.BaseHTTPResponse:
        """The answer, whose body need not have come yet. Raises `urllib3.exceptions.HTTPError`."""


@dataclass(frozen=True, kw_only=True)
class Timeouts:
    """Seconds: for a connection and for each piece of a request, between two pieces of an answer, and for a
    whole answer.

    Salesforce itself ends a REST call after 10 minutes.
    """

    connect: float = 5.0
    read: float = 60.0
    total: float = 600.0


class Network:
    """The network, with one pool of connections a host; safe to share between threads."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._pools: dict[str, tuple[urllib3.HTTPConnectionPool, float]] = {}
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
            for pool, _ in self._pools.values():
                pool.close()
            self._pools.clear()

    def _pool(self, place: str) -> urllib3.HTTPConnectionPool:
        now = time.monotonic()
        with self._lock:
            pool, used = self._pools.get(place, (None, now))
            if pool is not None and now - used > KEPT:
                pool.close()
                pool = None
            self._pools[place] = (pool or _opened(place), now)
            return self._pools[place][0]


class _Encrypted(HTTPSConnection):
    """A connection that tells apart what failed before anything was sent: handshake, tunnel, certificate."""

    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error


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
        return urllib3.connection_from_url(place, maxsize=MOST_KEPT)
    # What the machine trusts, as its browser does.
    manner = {"maxsize": MOST_KEPT, "ssl_context": truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)}
    proxy = _proxy(scheme, host)
    if proxy is None:
        pool = urllib3.connection_from_url(place, **manner)
    else:
        pool = urllib3.proxy_from_url(
            proxy, proxy_headers=_proxy_headers(proxy), **manner
        ).connection_from_url(place)
    pool.ConnectionCls = _Encrypted
    return pool


def _proxy(scheme: str, host: str) -> str | None:
    name = urlsplit(f"//{host}").hostname or ""
    return None if is_loopback(name) or proxy_bypass(name) else getproxies().get(scheme)


def _proxy_headers(proxy: str) -> Mapping[str, str]:
    user, is_named, _ = urlsplit(proxy).netloc.rpartition("@")
    return urllib3.make_headers(proxy_basic_auth=unquote(user)) if is_named else {}
