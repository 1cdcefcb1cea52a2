"""A worker in this process, and, where the queue is in the process too, the scheduler beside it.

Started by `leadferry serve` as a process of its own, so that runs never share a process with the pages; it
ends when its standard input does, and so with its parent.
"""

import signal
import threading
import warnings

from celery.beat import Scheduler, Service
from celery.exceptions import SecurityWarning

from leadferry.console.serving.parent import end_with_parent
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import tasks
from leadferry.project.queue import EMBEDDED, TICK, app

SLOTS = 8
"""Tasks that one worker carries out at the same time: sites wait for Salesforce, not for this machine."""


class NoBroker(Exception):
    """The queue is in the process, so that a scheduler alone would speak to nobody."""


def work(*, with_scheduler: bool = False) -> None:
    """Carry out tasks until SIGINT or SIGTERM; work under way stops at the next good point."""
    tasks.complete(at=wall_clock())
    if with_scheduler or embedded():
        threading.Thread(target=_keep_time, name="leadferry-scheduler", daemon=True).start()
    # A container's only user is often root. Messages are numbers in JSON, so that none can do harm.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker = app.Worker(
        pool="threads",
        concurrency=SLOTS,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=embedded(),
    )
    worker.start()


def schedule() -> None:
    """Only the scheduler, for a fleet. Two of them do no harm. Raises NoBroker."""
    if embedded():
        raise NoBroker("A scheduler of its own needs a queue that workers share. Set LEADFERRY_BROKER_URL.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _keep_time()


def _keep_time() -> None:
    """Send a message every TICK. The schedules stand in our table, so beat keeps nothing, in no file."""
    Service(app, max_interval=int(TICK), scheduler_cls=Scheduler).start()


def embedded() -> bool:
    """Whether the queue is in this process."""
    return str(app.conf.broker_url) == EMBEDDED


def main() -> int:
    end_with_parent()
    work(with_scheduler=True)
    return 0
