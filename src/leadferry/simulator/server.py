"""The organization on a port, by waitress."""

import errno
import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from waitress import create_server, wasyncore  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]

from leadferry.simulator.app import create_app
from leadferry.simulator.errors import CannotServe
from leadferry.simulator.org import Org

_THREADS = 16
_NOT_FREE = (errno.EADDRINUSE, errno.EACCES)
_ANOTHER_PORT = "Choose another port with --port; 0 takes a free one."
_ANOTHER_HOST = "--host takes an address of this machine."
_BREATH = 1.0
_LARGEST_BODY = 64 * 1024 * 1024


def _server(org: Org, *, host: str, port: int) -> BaseWSGIServer:
    try:
        return _listening(org, host=host, port=port)
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        advice = _ANOTHER_PORT if getattr(error, "errno", None) in _NOT_FREE else _ANOTHER_HOST
        text = f"The organization cannot be served on {host} port {port}: {reason}. {advice}"
        raise CannotServe(text) from None


def _listening(org: Org, *, host: str, port: int) -> BaseWSGIServer:
    logging.getLogger("waitress").setLevel(logging.ERROR)
    # log_socket_errors off: a fault that closes the connection is an OSError and must not become a 500 page.
    return create_server(
        create_app(org),
        host=host,
        port=port,
        threads=_THREADS,
        log_socket_errors=False,
        max_request_body_size=_LARGEST_BODY,
        ident="sfdcedge",
        clear_untrusted_proxy_headers=True,
    )


def _turn(server: BaseWSGIServer, over: threading.Event) -> None:
    """Serves until the event is set and the server woken, then closes everything the server opened."""
    while not over.is_set():
        wasyncore.loop(timeout=_BREATH, map=server._map, use_poll=True, count=1)
    server.task_dispatcher.shutdown(timeout=_BREATH)
    wasyncore.close_all(server._map)


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8089,
    db: str | None = None,
    external_id_fields: Sequence[str] = ("LeadferryId__c",),
) -> None:
    """Serves an organization until SIGINT or SIGTERM; port 0 takes a free one. For the main thread only.

    Prints one line with the address once it accepts connections. Raises CannotServe where the file or the
    address cannot be had.
    """
    org = Org(db, external_id_fields=external_id_fields)
    try:
        _serve(org, host=host, port=port)
    finally:
        org.store.close()


def _serve(org: Org, *, host: str, port: int) -> None:
    server = _server(org, host=host, port=port)
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()
        server.pull_trigger()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    base = f"http://{host}:{server.effective_port}"
    print(f"Salesforce simulator on {base} (control: {base}/control/)", flush=True)  # noqa: T201
    _turn(server, over)


@contextmanager
def running(org: Org, *, host: str = "127.0.0.1") -> Iterator[str]:
    """The organization on a free port for as long as the block lasts; gives its base address."""
    server = _server(org, host=host, port=0)
    over = threading.Event()
    thread = threading.Thread(target=_turn, args=(server, over), name="salesforce-simulator", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.effective_port}"
    finally:
        over.set()
        with suppress(OSError):  # it may have seen the end by itself and be closed already
            server.pull_trigger()
        thread.join(timeout=5 * _BREATH)
