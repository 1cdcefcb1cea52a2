"""How up to date the scores of a site are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count

from leadferry.contacts.models import Site
from leadferry.ledger.models import Task
from leadferry.ledger.tasks import Kind
from leadferry.scoring.models import Score


class State(StrEnum):
    """What people read (product description, section 3)."""

    DISABLED = "disabled"
    RUNNING = "running"
    NEEDED = "recalculation needed"
    CURRENT = "up to date"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One score: `since` is the instant up to which its points are right, None: never calculated."""

    score: Score
    rules: int
    state: State
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Recalculation:
    """The task that works the points out: whether a worker is at it or was asked, and how far it is."""

    task: Task
    running: bool
    asked: bool

    @property
    def percent(self) -> int:
        """Whole percents of the contacts."""
        return min(100, self.task.progress * 100 // self.task.expected) if self.task.expected else 0


def recalculation_of(site: Site) -> Recalculation | None:
    """None for a site that has no tasks yet."""
    task = Task.objects.select_related("site").filter(site=site, kind=Kind.SCORING).first()
    if task is None:
        return None
    return Recalculation(task=task, running=task.running, asked=task.requested_at is not None)


def standings_of(site: Site, recalculation: Recalculation | None) -> Sequence[Standing]:
    """The scores of the site by name."""
    scores = Score.objects.filter(site=site).annotate(number=Count("rules"))
    running = recalculation is not None and recalculation.running
    return [
        Standing(
            score=score,
            rules=score.number,
            state=_state(score, running=running),
            since=score.calculated_at,
        )
        for score in scores
    ]


def _state(score: Score, *, running: bool) -> State:
    if not score.enabled:
        return State.DISABLED
    if running:
        return State.RUNNING
    return State.CURRENT if score.calculated_at else State.NEEDED
