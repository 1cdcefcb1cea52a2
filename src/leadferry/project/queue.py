"""The task engine: Celery messages say "look at task N now"; what is to be done stands in the database."""

import logging
import os
import threading
from typing import Any

from celery import Celery, signals

from leadferry.engine import timetable
from leadferry.engine.replicate import wall_clock
from leadferry.engine.tally import count_wanted
from leadferry.ledger import tallies

EMBEDDED = "memory://"
TICK = 2.0
"""Seconds between two looks at the timetable."""

stopping = threading.Event()
"""Set when this worker is to end: work under way stops at the next good point."""

app = Celery("leadferry", broker=os.environ.get("LEADFERRY_BROKER_URL") or EMBEDDED)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    enable_utc=True,
    # For Redis: a message that is taken longer than any run would come twice, and find no work.
    broker_transport_options={}
    if not os.environ.get("LEADFERRY_BROKER_URL")
    else {"visibility_timeout": 43_200},
    beat_schedule={
        "timetable": {"task": "leadferry.tick", "schedule": TICK, "options": {"expires": 2 * TICK}}
    },
)


@app.task(name="leadferry.tick")
def tick() -> None:
    """Ask workers to look at what is due."""
    for task_id in timetable.tick(clock=wall_clock):
        look.apply_async((task_id,), expires=60)
    if tallies.is_wanted():
        count.apply_async(expires=60)


@app.task(name="leadferry.look")
def look(task_id: int) -> None:
    """Carry out a task, if it still has something to do and nobody else is at it."""
    timetable.look(task_id, clock=wall_clock, stopping=stopping.is_set)


@app.task(name="leadferry.count")
def count() -> None:
    """Count contacts for whoever looks at a dashboard."""
    count_wanted(clock=wall_clock)


@signals.setup_logging.connect
def _log_plainly(**_: Any) -> None:
    """Warnings and errors to stderr; without payloads, which Celery would print at lower levels."""
    # A queue in memory has no host, and Kombu tells so every time.
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


@signals.worker_shutting_down.connect
def _stop(**_: Any) -> None:
    stopping.set()
