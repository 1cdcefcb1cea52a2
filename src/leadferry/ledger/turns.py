"""Turns of the scheduled tasks as workers see them: due, claimed, kept, ended. A claim is a lease."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from leadferry.ledger import events
from leadferry.ledger.models import Task
from leadferry.ledger.tasks import SOURCE, name_of, next_turn

SECONDS = 60.0
"""How long a claim lives without a sign of life: longer than that of a run on its site, so that the run
which carries on finds the site free."""
PATIENCE = timedelta(minutes=5)
"""How late a turn may begin before it counts as missed."""
ASKED = 30.0
"""Seconds until a worker is asked again to look at a task: a lost message costs this delay."""


def due(*, now: datetime) -> Iterator[Task]:
    """The tasks that a worker should look at now: planned, asked for, or left behind by a killed worker."""
    planned = Q(enabled=True, next_run_at__lte=now)
    interrupted = ~Q(owner="") & Q(expires__lt=now.timestamp())
    waiting = Task.objects.filter(planned | interrupted | Q(requested_at__isnull=False))
    yield from waiting.select_related("site").order_by("requested_at", "next_run_at", "pk")


def ask(task: Task, *, now: datetime) -> bool:
    """Whether to ask a worker now: nobody did so lately. Of several askers one is told yes."""
    epoch = now.timestamp()
    return bool(Task.objects.filter(pk=task.pk, asked_until__lt=epoch).update(asked_until=epoch + ASKED))


def skip(task: Task, *, now: datetime) -> None:
    """Leave out the turn of a task whose last turn still runs."""
    if task.next_run_at is None:
        return
    following = next_turn(task, after=task.next_run_at, now=now)
    with transaction.atomic():
        same = Task.objects.filter(pk=task.pk, next_run_at=task.next_run_at)
        if same.update(next_run_at=following):
            _note("task.skipped", task, "Left out one turn, because the last still runs", at=now)


def miss(task: Task, *, now: datetime) -> None:
    """Raise the alarm, once a turn, about one that nobody began in time."""
    planned = task.next_run_at
    if not task.enabled or planned is None or planned + PATIENCE > now or task.missed_at == planned:
        return
    with transaction.atomic():
        unseen = Task.objects.filter(pk=task.pk).filter(Q(missed_at=None) | ~Q(missed_at=planned))
        if unseen.update(missed_at=planned):
            text = f"Should have run at {planned:%Y-%m-%d %H:%M} UTC and did not"
            _note("task.missed", task, text, at=now, type=events.WARNING)


def claim(task_id: int, owner: str, *, now: datetime) -> Task | None:
    """The task, claimed for `owner`; None when another worker has it or there is nothing to do.

    The next turn is planned now, from the planned time, whatever becomes of this one.
    """
    task = Task.objects.select_related("site").get(pk=task_id)
    planned = task.enabled and task.next_run_at is not None and task.next_run_at <= now
    lapsed = bool(task.owner) and task.expires < now.timestamp()
    if not (planned or lapsed or task.requested_at):
        return None
    following = task.next_run_at
    if planned and task.next_run_at:
        following = next_turn(task, after=task.next_run_at, now=now)
    claimed = {"owner": owner, "expires": now.timestamp() + SECONDS, "started_at": now, "cancelled": False}
    fresh = {"progress": 0, "expected": 0}
    cleared = {"requested_at": None, "asked_until": 0}
    as_read = Task.objects.filter(pk=task.pk, owner=task.owner, expires=task.expires)
    as_read = as_read.filter(next_run_at=task.next_run_at, requested_at=task.requested_at)
    if task.owner and not lapsed:
        return None
    with transaction.atomic():
        if not as_read.update(**claimed, **cleared, **fresh, next_run_at=following):
            return None
        if lapsed:
            text = "A worker ended before it was done; it is carried on"
            _note("task.interrupted", task, text, at=now, type=events.WARNING)
    task.owner, task.started_at, task.next_run_at = owner, now, following
    return task


def keep(task_id: int, owner: str, *, now: datetime) -> bool:
    """Prolong the claim; False: stop, because somebody cancelled the task or took it over."""
    held = Task.objects.filter(pk=task_id, owner=owner)
    return bool(held.update(expires=now.timestamp() + SECONDS)) and not held.filter(cancelled=True).exists()


def show(task: Task, *, done: int, of: int) -> None:
    """Tell that so many of the expected contacts are done in the turn under way."""
    Task.objects.filter(pk=task.pk, owner=task.owner).update(progress=done, expected=of)


def end(task: Task, *, result: str, message: str, again: bool, now: datetime) -> None:
    """Note how the turn went and free the task; `again`: it is to be carried on as soon as possible."""
    Task.objects.filter(pk=task.pk, owner=task.owner).update(
        owner="",
        expires=0,
        cancelled=False,
        requested_at=now if again else F("requested_at"),
        last_run_at=task.started_at,
        last_result=result,
        last_message=message,
        executions=F("executions") + 1,
    )


def _note(code: str, task: Task, what: str, *, at: datetime, type: str = events.INFORMATION) -> None:
    text = f"{what}: {name_of(task)}"
    events.note(code, type=type, at=at, source=SOURCE, site=task.site.code, description=text)
