"""Runs: opened with a claim, counted live, closed whatever happens."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction
from django.db.models import QuerySet

from leadferry.contacts.models import Contact, Site
from leadferry.core.state import State
from leadferry.ledger import events, leases, shapes
from leadferry.ledger.models import Batch, Lease, Run
from leadferry.ledger.storage.frame import execute
from leadferry.ledger.storage.links import UNDELIVERED
from leadferry.ledger.storage.rows import instant

RUNNING = "running"
SUCCEEDED, FAILED, SKIPPED = "succeeded", "failed", "skipped"
PARTIAL, PAUSED, CANCELLED = "partial", "paused", "cancelled"

_IN_DOUBT_TEXT = "The run ended before Salesforce's answer was recorded; the contact is sent again."
_TYPES = {FAILED: events.ERROR, PARTIAL: events.WARNING, PAUSED: events.WARNING, CANCELLED: events.WARNING}


@dataclass(kw_only=True)
class Counts:
    """What a run has done so far, in contacts, batches and charged API calls."""

    eligible: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    blocked: int = 0
    invalid: int = 0
    retrying: int = 0
    remaining: int = 0
    batches: int = 0
    api_calls: int = 0

    def become(self, other: "Counts") -> None:
        """Count what `other` counts."""
        for column in fields(self):
            setattr(self, column.name, getattr(other, column.name))


def open_run(site: Site, owner: str, *, at: datetime) -> Run | None:
    """Claim the site and start a run; None while another run holds the site.

    What a killed run left behind is put in order first, so that this one carries on by itself.
    """
    with transaction.atomic():
        if not leases.claim(site, owner, now=at.timestamp()):
            return None
        _close_interrupted(site, at=at)
        run = Run.objects.create(site=site, status=RUNNING, started_at=at)
        Lease.objects.filter(site=site).update(run_id=run.pk)
    return run


def skip(site: Site, *, at: datetime) -> Run:
    """Note the turn that was skipped because another run of the site is in progress."""
    message = "Another run of this site is in progress."
    with transaction.atomic():
        run = Run.objects.create(site=site, status=SKIPPED, started_at=at, ended_at=at, message=message)
        events.note("run.skipped", at=at, site=site.code, run=str(run.pk), description=message)
    return run


def count(run_id: int, counts: Counts) -> None:
    """Show how far the run has come."""
    execute(_COUNT, [*vars(counts).values(), run_id])


_COUNT = (
    f"UPDATE ledger_run SET {', '.join(f'{column.name} = %s' for column in fields(Counts))} WHERE id = %s"
)


def close_run(run: Run, owner: str, counts: Counts, *, status: str, message: str, at: datetime) -> None:
    """End the run with its event and free the site. Raises ClaimLost: who took over has closed it."""
    with transaction.atomic():
        leases.renew(run.site_id, owner, now=at.timestamp())
        changed: dict[str, Any] = {**asdict(counts), "status": status, "message": message, "ended_at": at}
        Run.objects.filter(pk=run.pk).update(**changed)
        _doubt(Batch.objects.filter(run=run, ended_at=None), at=at)
        events.note(
            "run.finished",
            type=_TYPES.get(status, events.INFORMATION),
            at=at,
            site=run.site.code,
            run=str(run.pk),
            description=f"{status}: {message}",
        )
        if status in (SUCCEEDED, PARTIAL):
            shapes.forget(run.site)
        leases.release(run.site_id, owner)
    for name, value in changed.items():
        setattr(run, name, value)


def _close_interrupted(site: Site, *, at: datetime) -> None:
    """Close the runs whose process is gone."""
    _doubt(Batch.objects.filter(site_id=site.pk, ended_at=None), at=at)
    for run in Run.objects.filter(site=site, status=RUNNING):
        message = "Interrupted: its process ended before the run did. The next one carries on."
        Run.objects.filter(pk=run.pk).update(status=FAILED, ended_at=at, message=message)
        events.note(
            "run.interrupted",
            type=events.WARNING,
            at=at,
            site=site.code,
            run=str(run.pk),
            description=message,
        )


def _doubt(open_batches: QuerySet[Batch], *, at: datetime) -> None:
    """Close batches whose answer was never recorded; their contacts may be in Salesforce or not."""
    stored = instant(at)
    for batch in open_batches:
        known = (batch.site_id, int(State.IN_DOUBT), stored, State.IN_DOUBT.name, _IN_DOUBT_TEXT, "", 0, 0)
        there = Contact.objects.filter(pk__in=orjson.loads(batch.contacts or "[]"))
        UNDELIVERED.write([(contact_id, *known) for contact_id in there.values_list("pk", flat=True)])
        Batch.objects.filter(pk=batch.pk).update(ended_at=at, contacts="")
