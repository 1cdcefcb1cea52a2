"""A run as people read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadferry.ledger.models import Run

LOOK: Mapping[str, str] = {
    "running": "primary",
    "succeeded": "success",
    "partial": "warning",
    "paused": "warning",
    "failed": "danger",
    "cancelled": "info",
    "skipped": "info",
}
"""The colour of each status."""
COUNTS = ("eligible", "created", "updated", "unchanged", "blocked", "invalid", "retrying", "remaining")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One run of the list; `counts` are those that are not 0, by name."""

    run: Run
    look: str
    duration: str
    counts: Mapping[str, int]


def row_of(run: Run, *, now: datetime) -> Row:
    """`now` ends the duration of a run that still lasts."""
    counts = {name: getattr(run, name) for name in COUNTS}
    return Row(
        run=run,
        look=LOOK.get(run.status, "info"),
        duration=duration_text((run.ended_at or now) - run.started_at),
        counts={name: number for name, number in counts.items() if number},
    )


def duration_text(lasted: timedelta) -> str:
    """In words: ``0.4 s``, ``42 s``, ``3 min 5 s``, ``2 h 10 min``."""
    seconds = max(0.0, lasted.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
