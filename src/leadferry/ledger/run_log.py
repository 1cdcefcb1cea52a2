"""Runs as they are read: a page at a time, and how far one has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from leadferry.contacts.models import Site
from leadferry.ledger.models import Run, Task
from leadferry.ledger.runs import RUNNING
from leadferry.ledger.storage import due
from leadferry.ledger.tasks import Kind

PAGE = 50
MOST_COUNTED = 500_000
"""Due contacts that are counted at most for a progress bar."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Runs, newest first; `older`: the number to go on below (None: that was all)."""

    runs: Sequence[Run]
    older: int | None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many contacts a run has looked at, and how many are still on the list of its site."""

    done: int
    waiting: int

    @property
    def percent(self) -> int:
        """Whole percents; 100 only when nothing waits."""
        return self.done * 100 // (self.done + self.waiting) if self.waiting else 100


def page_of(sites: QuerySet[Site], *, status: str = "", before: int | None = None, size: int = PAGE) -> Page:
    """The newest runs of these sites below the number `before`, with `status` only such."""
    found = Run.objects.filter(site__in=sites).select_related("site")
    if status:
        found = found.filter(status=status)
    if before is not None:
        found = found.filter(pk__lt=before)
    runs = list(found[: size + 1])
    return Page(runs=runs[:size], older=runs[size - 1].pk if len(runs) > size else None)


def progress_of(run: Run) -> Progress | None:
    """How far a run has come; None for one that has ended."""
    if run.status != RUNNING:
        return None
    done = run.created + run.updated + run.unchanged + run.blocked + run.invalid + run.retrying
    return Progress(done=done, waiting=due.waiting(run.site_id, at_most=MOST_COUNTED))


def task_of(site: Site) -> Task | None:
    """The task whose turns are the site's runs."""
    return Task.objects.select_related("site").filter(site=site, kind=Kind.REPLICATION).first()
