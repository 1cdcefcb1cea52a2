"""The list of scheduled tasks as people read it."""

from dataclasses import dataclass
from datetime import datetime

from leadferry.core.schedule import DAYS
from leadferry.core.schedule_file import every_text
from leadferry.ledger.models import Task
from leadferry.ledger.tasks import name_of, schedule_of
from leadferry.ledger.turns import PATIENCE

LOOK = {"succeeded": "success", "failed": "danger", "partial": "warning", "paused": "warning"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One task of the list (product description, section 6)."""

    task: Task
    name: str
    schedule: str
    look: str
    late: bool
    operator: bool


def row_of(task: Task, *, now: datetime, operator: bool) -> Row:
    """`operator`: whether who looks may act on the task."""
    planned = task.next_run_at
    return Row(
        task=task,
        name=name_of(task),
        schedule=schedule_text(task),
        look=LOOK.get(task.last_result, "info"),
        late=bool(task.enabled and not task.running and planned and planned + PATIENCE < now),
        operator=operator,
    )


def schedule_text(task: Task) -> str:
    """The schedule in words: ``every 1h, 06:00-22:00, mon tue, Europe/Prague``."""
    schedule = schedule_of(task)
    parts = [f"cron {schedule.cron}"] if schedule.cron else []
    if schedule.every is not None:
        every = every_text(schedule.every)
        parts.append(every if every == "once" else f"every {every}")
    if schedule.between:
        parts.append("-".join(f"{edge:%H:%M}" for edge in schedule.between))
    if len(schedule.days) < len(DAYS):
        parts.append(" ".join(name for number, name in enumerate(DAYS) if number in schedule.days))
    return ", ".join([*parts, schedule.timezone])
