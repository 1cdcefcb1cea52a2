"""Edits of a task's schedule. That of the replication is a setting of its site and is stored as one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import tomli_w
from django.db import transaction

from leadferry.ledger import configuration, tasks
from leadferry.ledger.models import Settings, Task
from leadferry.ledger.tasks import Kind

Table = Mapping[str, Any]


def reschedule(
    task: Task, *, schedule: Table, start: datetime | None, options: Table, at: datetime, by: str
) -> None:
    """Give the task another schedule, shaped as in the configuration file, without `enabled`.

    It takes effect with the next tick of the timetable. Raises BadSchedule, with nothing changed.
    """
    with transaction.atomic():
        tasks.change(task, schedule=schedule, start=start, options=options, at=at, by=by)
        if task.kind == Kind.REPLICATION:
            _set(task, {**schedule, "enabled": task.enabled}, at=at, by=by)


def enable(task: Task, enabled: bool, *, at: datetime, by: str) -> None:
    """Let the task run by itself, or no longer."""
    with transaction.atomic():
        tasks.enable(task, enabled, at=at, by=by)
        if task.kind == Kind.REPLICATION:
            own = Settings.objects.filter(site=task.site).values_list("schedule", flat=True).first()
            _set(task, {**(own or {}), "enabled": enabled}, at=at, by=by)


def _set(task: Task, table: Table, *, at: datetime, by: str) -> None:
    document = tomli_w.dumps({"site": {task.site.code: {"schedule": dict(table)}}})
    configuration.apply(document, now=at, environ={}, user=by)
