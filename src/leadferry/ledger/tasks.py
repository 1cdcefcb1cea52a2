"""Scheduled tasks as people see and change them: made with the site, edited, asked for, cancelled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, TextChoices

from leadferry.contacts.models import Site
from leadferry.core.schedule import Schedule, next_planned
from leadferry.core.schedule_file import parse_schedule
from leadferry.ledger import events
from leadferry.ledger.cron import cron_fault, cron_next
from leadferry.ledger.models import Task
from leadferry.ledger.settings import effective

SOURCE = "tasks"


class Kind(TextChoices):
    """What a task does, and the name it goes by (product description, section 6)."""

    REPLICATION = "replication", "Salesforce replication"
    SCORING = "scoring", "Score recalculation"
    RECONCILIATION = "reconciliation", "Reconciliation"
    RETENTION = "retention", "Log retention"


AS_MADE: Mapping[Kind, Mapping[str, Any]] = {
    Kind.SCORING: {"schedule": {"cron": "30 2 * * *"}},
    Kind.RECONCILIATION: {"schedule": {"cron": "45 4 * * *"}, "options": {"repair": False}},
    Kind.RETENTION: {"schedule": {"cron": "30 3 * * *"}, "options": {"keep_days": 90}},
}
"""The tasks that every site has beside its replication, as they are before anybody edits them."""


class AlreadyRunning(Exception):
    """The task is being carried out; asking for it again would do nothing."""


class NotRunning(Exception):
    """The task is not being carried out, so there is nothing to cancel."""


def schedule_of(task: Task) -> Schedule:
    """When the task runs. Raises BadSchedule."""
    parsed = parse_schedule(task.schedule, cron_fault=cron_fault)
    return Schedule(
        every=parsed.every,
        cron=parsed.cron,
        between=parsed.between,
        days=parsed.days,
        timezone=parsed.timezone,
        enabled=task.enabled,
        start=task.start,
    )


def next_turn(task: Task, *, after: datetime, now: datetime) -> datetime | None:
    """The next planned time, counted from the planned time `after`; turns before `now` are left out."""
    return next_planned(schedule_of(task), after, cron_next, not_before=now)


def follow(site: Site, schedule: Mapping[str, Any], *, at: datetime) -> None:
    """Give the site its tasks, and its replication the schedule in force, shaped as in the file."""
    table = {key: value for key, value in schedule.items() if key != "enabled"}
    enabled = bool(schedule.get("enabled", True))
    for kind, given in {Kind.REPLICATION: {"schedule": table, "enabled": enabled}, **AS_MADE}.items():
        task, made = Task.objects.get_or_create(site=site, kind=kind, defaults=given)
        if made:
            _plan(task, at=at)
        elif kind == Kind.REPLICATION and (task.schedule, task.enabled) != (table, enabled):
            task.schedule, task.enabled = table, enabled
            _plan(task, at=at)


def complete(*, at: datetime) -> None:
    """Give the tasks that they lack to sites made by an earlier version."""
    for site in Site.objects.annotate(tasks=Count("task")).filter(tasks__lt=len(Kind)):
        follow(site, effective(site).schedule, at=at)


def change(
    task: Task,
    *,
    schedule: Mapping[str, Any],
    start: datetime | None,
    options: Mapping[str, Any],
    at: datetime,
    by: str,
) -> None:
    """Give the task another schedule, its shape as in the file. Raises BadSchedule, and changes nothing."""
    task.schedule, task.start, task.options = dict(schedule), start, dict(options)
    schedule_of(task)
    with transaction.atomic():
        _plan(task, at=at)
        _note("task.changed", task, "Schedule changed", at=at, by=by)


def enable(task: Task, enabled: bool, *, at: datetime, by: str) -> None:
    """Let the task run by itself, or no longer."""
    task.enabled = enabled
    with transaction.atomic():
        _plan(task, at=at)
        _note("task.changed", task, "Enabled" if enabled else "Disabled", at=at, by=by)


def request(task: Task, *, at: datetime, by: str) -> None:
    """Have the task carried out as soon as a worker is free, disabled or not. Raises AlreadyRunning."""
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk, owner="").update(requested_at=at):
            raise AlreadyRunning(f"{name_of(task)} of {task.site.code} is already running.")
        _note("task.requested", task, "Asked for", at=at, by=by)


def cancel(task: Task, *, at: datetime, by: str) -> None:
    """Ask the worker to stop: a run ends after the batch under way. Raises NotRunning."""
    with transaction.atomic():
        if not Task.objects.filter(pk=task.pk).exclude(owner="").update(cancelled=True):
            raise NotRunning(f"{name_of(task)} of {task.site.code} is not running.")
        _note("task.cancelled", task, "Cancelled", at=at, by=by)


def reset(task: Task, *, at: datetime, by: str) -> None:
    """Count executions from 0 again."""
    with transaction.atomic():
        Task.objects.filter(pk=task.pk).update(executions=0)
        _note("task.changed", task, "Executions reset", at=at, by=by)


def name_of(task: Task) -> str:
    """The name people know the task by."""
    return str(Kind(task.kind).label)


def _plan(task: Task, *, at: datetime) -> None:
    """Store the plan of the task; the next turn is counted from now, or from its start."""
    task.next_run_at = next_turn(task, after=at, now=at)
    task.missed_at = None
    task.save(update_fields=["schedule", "start", "options", "enabled", "next_run_at", "missed_at"])


def _note(code: str, task: Task, what: str, *, at: datetime, by: str) -> None:
    text = f"{what}: {name_of(task)}"
    events.note(code, at=at, source=SOURCE, site=task.site.code, user=by, description=text)
