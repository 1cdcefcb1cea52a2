"""The whole story: bring a site's leads in line with its contacts, once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from leadferry.contacts.models import Site
from leadferry.core.batch import batches
from leadferry.engine.execution import Execution
from leadferry.engine.opening import AlreadyRunning, opened
from leadferry.engine.orders import prepared
from leadferry.engine.survey import survey
from leadferry.ledger.models import Run

if TYPE_CHECKING:
    from leadferry.salesforce import Transport


def wall_clock() -> datetime:
    """The clock of everything outside tests."""
    return datetime.now(UTC)


def never() -> bool:
    return False


def replicate(
    site: Site,
    *,
    clock: Callable[[], datetime] = wall_clock,
    sleep: Callable[[float], None] = time.sleep,
    limit: int | None = None,
    stop: Callable[[], bool] = never,
    transport: Transport | None = None,
    on_progress: Callable[[Execution], None] | None = None,
) -> Run:
    """Bring this site's leads in line with its contacts, once; the returned run tells how it went.

    `limit`: contacts to send at most. `stop` is asked before each batch. A fault is never raised, it is
    the run's status and message; only a defect of ours or of the database is. Source: product
    description, the run.
    """
    hold = opened(site, clock=clock, sleep=sleep, stop=stop, transport=transport, on_progress=on_progress)
    try:
        with hold as run:  # claims the site; closes the run whatever happens
            if run.has_work():
                order = prepared(run.site, run.settings, run.describe)
                changes = survey(order, run.looks, now=run.epoch(), settle=run.settle, check=run.check)
                for batch in batches(islice(changes, limit), order.batch_size):
                    run.deliver(batch)  # one call; then every outcome and its event in one transaction
                run.settle()
                run.try_again(order)
    except AlreadyRunning as taken:
        return taken.run
    return run.claim.run
