"""Keeps the claim of a live run alive, however long one call takes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection

from leadferry.ledger import leases

SECONDS = leases.SECONDS / 4


@contextmanager
def beating(site_id: int, owner: str, *, clock: Callable[[], datetime]) -> Iterator[None]:
    """Renew the claim of `owner` every few seconds, from a thread of its own, until the block ends."""
    stopped = threading.Event()
    thread = threading.Thread(
        target=_beat, args=(site_id, owner, clock, stopped), name="leadferry-heartbeat", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _beat(site_id: int, owner: str, clock: Callable[[], datetime], stopped: threading.Event) -> None:
    try:
        while not stopped.wait(SECONDS):
            try:
                leases.renew(site_id, owner, now=clock().timestamp())
            except leases.ClaimLost:
                return  # the run finds out itself before it records anything
            except DatabaseError:
                continue  # busy: the claim outlives three missed beats
    finally:
        connection.close()
