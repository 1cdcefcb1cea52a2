"""A batch: its intent before the call, its outcomes after, each in one transaction.

Killed before the intent: nothing happened. Killed after it: the next run finds the open batch and
knows whose lead is in doubt. Killed after the outcomes: the batch is done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import transaction

from leadferry.contacts.models import Site
from leadferry.core.change import Change, Look
from leadferry.core.outcome import Outcome, Reason
from leadferry.ledger import leases, runs, spending
from leadferry.ledger.models import Batch, Run
from leadferry.ledger.recording import Recording
from leadferry.ledger.runs import Counts


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A run that holds its site: what recording needs to know of it."""

    run: Run
    site: Site
    owner: str
    counts: Counts
    suppress_deleted: bool


def intend(claim: Claim, changes: Sequence[Change], *, at: datetime) -> Batch:
    """Write down that these changes are about to be sent, and the call that it costs."""
    claim.counts.batches += 1
    with transaction.atomic():
        leases.renew(claim.site.pk, claim.owner, now=at.timestamp())
        spending.spend(claim.site.pk, 1, at=at)
        return Batch.objects.create(
            run=claim.run,
            site_id=claim.site.pk,
            number=claim.counts.batches,
            sent_at=at,
            size=len(changes),
            contacts=orjson.dumps([change.contact_id for change in changes]).decode(),
        )


def record(
    claim: Claim,
    batch: Batch,
    outcomes: Iterable[tuple[Change, Outcome]],
    *,
    calls: int,
    at: datetime,
) -> None:
    """Write down how every contact of the batch came out. `calls`: what Salesforce charged for it."""
    recording = Recording(claim.site, claim.run, at=at, suppress_deleted=claim.suppress_deleted)
    for change, outcome in outcomes:
        recording.add(change, outcome, batch.pk)
    claim.counts.api_calls += calls
    recording.count(claim.counts)
    with transaction.atomic():
        leases.renew(claim.site.pk, claim.owner, now=at.timestamp())
        recording.write()
        recording.note_batch(batch)
        spending.spend(claim.site.pk, calls - 1, at=at)
        Batch.objects.filter(pk=batch.pk).update(ended_at=at, contacts="")
        runs.count(claim.run.pk, claim.counts)


def settle(
    claim: Claim, looks: Sequence[Look], invalid: Sequence[tuple[Change, Reason]], *, at: datetime
) -> None:
    """Write down the contacts that a run looked at and did not send."""
    recording = Recording(claim.site, claim.run, at=at, suppress_deleted=claim.suppress_deleted)
    recording.settle(looks)
    for change, reason in invalid:
        recording.invalidate(change, reason)
    recording.count(claim.counts)
    with transaction.atomic():
        leases.renew(claim.site.pk, claim.owner, now=at.timestamp())
        recording.write()
        runs.count(claim.run.pk, claim.counts)
