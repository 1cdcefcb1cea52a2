"""The clock of the scheduled tasks: what is due, and how a turn is carried out.

The durable queue is the table of tasks. Whoever is asked to "look at task N" finds there what is to be
done, so a lost message costs a delay and a doubled one nothing.
"""

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.db import DatabaseError, connection

from leadferry.engine.opening import ended
from leadferry.engine.replicate import never
from leadferry.engine.tasks import WORK, Clock, Done, Stop
from leadferry.ledger import turns
from leadferry.ledger.models import Task
from leadferry.ledger.runs import CANCELLED, FAILED, Counts

SIGN_OF_LIFE = 2.0
"""Seconds between two signs of life of a worker; also how soon it learns that it is to stop."""


def tick(*, clock: Clock) -> list[int]:
    """The tasks that workers are to look at now; to be asked every few seconds, by however many.

    A turn that comes due while the last one runs is left out; one that nobody began in time raises an alarm.
    """
    now = clock()
    asked = []
    for task in turns.due(now=now):
        turns.miss(task, now=now)
        if task.owner and task.expires >= now.timestamp():
            if task.enabled and task.next_run_at and task.next_run_at <= now:
                turns.skip(task, now=now)
        elif turns.ask(task, now=now):
            asked.append(task.pk)
    return asked


def look(
    task_id: int,
    *,
    clock: Clock,
    stopping: Stop = never,
    work: Mapping[str, Callable[[Task, Clock, Stop], Done]] = WORK,
) -> Done | None:
    """Carry out what the task has to do; None: nothing, or another worker has it.

    `stopping`: whether this worker is to end; the turn is then cut short and carried on by the next worker.
    A defect of ours is raised after the turn has been closed.
    """
    task = turns.claim(task_id, uuid.uuid4().hex, now=clock())
    if task is None:
        return None
    with _kept(task, clock) as revoked:
        try:
            done = work[task.kind](task, clock, lambda: revoked.is_set() or stopping())
        except BaseException as error:
            _, message = ended(error, Counts())
            turns.end(task, result=FAILED, message=message, again=False, now=clock())
            raise
    cut_short = done.result == CANCELLED and not revoked.is_set()
    turns.end(task, result=done.result, message=done.message, again=cut_short, now=clock())
    return done


@contextmanager
def _kept(task: Task, clock: Clock) -> Iterator[threading.Event]:
    """Keep the claim alive from a thread of its own; the event is set when the work is to stop."""
    over, revoked = threading.Event(), threading.Event()
    thread = threading.Thread(
        target=_keep, args=(task, clock, over, revoked), name="leadferry-turn", daemon=True
    )
    thread.start()
    try:
        yield revoked
    finally:
        over.set()
        thread.join()


def _keep(task: Task, clock: Clock, over: threading.Event, revoked: threading.Event) -> None:
    try:
        while not over.wait(SIGN_OF_LIFE):
            try:
                if not turns.keep(task.pk, task.owner, now=clock()):
                    revoked.set()
            except DatabaseError:
                continue  # busy: the claim outlives many signs of life
    finally:
        connection.close()
