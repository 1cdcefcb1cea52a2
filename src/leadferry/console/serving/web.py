"""The pages on a port, by waitress, until told to stop."""

import errno
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from waitress import create_server, wasyncore  # type: ignore[import-untyped]

THREADS = 8
BREATH = 1.0
ANOTHER_PORT = "Choose another port with --port; 0 takes a free one."
ANOTHER_HOST = "--host takes an address of this machine."


@contextmanager
def served(application: Any, *, host: str, port: int) -> Iterator[str]:
    """The application, served from threads of this process for as long as the block lasts; gives its address.

    Port 0 takes a free one. Raises OSError, which names the address, when the port is taken.
    """
    server = _listening(application, host=host, port=port)
    over = threading.Event()
    thread = threading.Thread(target=_turn, args=(server, over), name="leadferry-web", daemon=True)
    thread.start()
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{server.effective_port}"
    finally:
        over.set()
        server.pull_trigger()
        thread.join(timeout=10 * BREATH)


def _listening(application: Any, *, host: str, port: int) -> Any:
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        # Headers of proxies stay: a sign-in link must be able to tell that there is one.
        return create_server(
            application,
            host=host,
            port=port,
            threads=THREADS,
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
    except (OSError, ValueError) as error:
        number = getattr(error, "errno", None)
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        advice = ANOTHER_PORT if number in (errno.EADDRINUSE, errno.EACCES) else ANOTHER_HOST
        text = f"Leadferry cannot be served on {host} port {port}: {reason}. {advice}"
        raise OSError(number, text) from None


def _turn(server: Any, over: threading.Event) -> None:
    while not over.is_set():
        wasyncore.loop(timeout=BREATH, map=server._map, use_poll=True, count=1)
    server.task_dispatcher.shutdown(timeout=5 * BREATH)
    wasyncore.close_all(server._map)


def until_told() -> None:
    """Wait for SIGINT or SIGTERM; for the main thread only."""
    told = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    told.wait()
