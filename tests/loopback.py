"""The network as tests may use it: this machine and no other."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

_NAMES = (None, "", "localhost", b"localhost")


class BeyondLoopbackError(AssertionError):
    """A test tried to speak to another machine."""


def stays(host: Any) -> bool:
    """Whether `host`, a name or an address, is this machine."""
    if host in _NAMES:
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def _guarded(call: Callable[..., Any], position: int) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family != socket.AF_UNIX and not stays(arguments[position][0]):
            raise BeyondLoopbackError(f"tests speak to this machine only, not to {arguments[position][0]}")
        return call(self, *arguments)

    return guarded


def _resolved(call: Callable[..., Any]) -> Callable[..., Any]:
    def resolved(host: Any, *arguments: Any, **options: Any) -> Any:
        if not stays(host):
            raise BeyondLoopbackError(f"tests look up no names, {host!r} neither")
        return call(host, *arguments, **options)

    return resolved


def block() -> None:
    """From now on this process reaches only itself and its neighbours on this machine."""
    for name, position in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name), position))
    socket.getaddrinfo = _resolved(socket.getaddrinfo)
