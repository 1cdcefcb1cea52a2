"""The organization on a port, by waitress."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from waitress import create_server
from waitress.server import MultiSocketServer, TcpWSGIServer

from leadferry.simulator.app import create_app
from leadferry.simulator.org import Org

_THREADS = 16
_LARGEST_BODY = 64 * 1024 * 1024


def _server(org: Org, *, host: str, port: int) -> "TcpWSGIServer | MultiSocketServer":
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


class _Stopped(Exception):
    """A signal asked the server to end."""


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8089,
    db: str | None = None,
    external_id_fields: Sequence[str] = ("LeadferryId__c",),
) -> None:
    """Serves an organization until SIGINT or SIGTERM; port 0 takes a free one.

    Prints one line with the address once it accepts connections.
    """
    org = Org(db, external_id_fields=external_id_fields)
    server = _server(org, host=host, port=port)
    base = f"http://{host}:{server.effective_port}"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    print(f"Salesforce simulator on {base} (control: {base}/control/)", flush=True)  # noqa: T201
    try:
        server.run()
    except _Stopped:
        server.close()
    finally:
        org.store.close()


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped


@contextmanager
def running(org: Org, *, host: str = "127.0.0.1") -> Iterator[str]:
    """The organization on a free port for as long as the block lasts; gives its base address."""
    server = _server(org, host=host, port=0)
    thread = threading.Thread(target=server.run, name="salesforce-simulator", daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
