"""Keeps the claim of a live run alive, however long one call takes."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection

from leadferry.contacts.models import Site
from leadferry.ledger import leases

SECONDS = leases.SECONDS / 4
IMPATIENCE = 3_000
"""Milliseconds that a beat waits for a busy SQLite: a missed beat must not cost the claim."""


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


@contextmanager
def alone(site: Site, *, clock: Callable[[], datetime], doing: str) -> Iterator[str]:
    """Hold the site for something that must not happen beside a run; gives the claim's owner.

    Raises SiteBusy, which names `doing`.
    """
    owner = uuid.uuid4().hex
    if not leases.claim(site, owner, now=clock().timestamp()):
        raise leases.SiteBusy(f"A run of site {site.code} is in progress. {doing} when it has ended.")
    try:
        with beating(site.pk, owner, clock=clock):
            yield owner
    finally:
        leases.release(site.pk, owner)


def _beat(site_id: int, owner: str, clock: Callable[[], datetime], stopped: threading.Event) -> None:
    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA busy_timeout = {IMPATIENCE}")
        while not stopped.wait(SECONDS):
            try:
                leases.renew(site_id, owner, now=clock().timestamp())
            except leases.ClaimLost:
                return  # the run finds out itself before it records anything
            except DatabaseError:
                continue  # busy: the claim outlives a missed beat or two
    finally:
        connection.close()
