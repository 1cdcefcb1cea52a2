"""Which hosts may be spoken to: https anywhere, plain http only on a loopback address."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit


def is_loopback(host: str) -> bool:
    """True for localhost, 127.0.0.0/8 and ::1."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> str:
    """`scheme://host[:port]` of a login or instance URL.

    Raises ValueError when the URL is not http(s), carries credentials, or is plain http to a host that is
    not a loopback address: tokens travel on it.
    """
    try:
        parts = urlsplit(url.strip())
        host = _bracketed(parts)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ValueError(f"{url!r} is not a URL: {error}") from error
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError(f"{url!r} must be a URL that starts with https://")
    if parts.username or parts.password:
        raise ValueError("A Salesforce URL must not carry a user name or password")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"{url!r} must use https; plain http is allowed only on a loopback address")
    return f"{parts.scheme}://{host}{port}"


def _bracketed(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host
