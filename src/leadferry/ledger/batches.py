"""A batch: its intent before the call, its outcomes after, each in one transaction.

Killed before the intent: nothing happened. Killed after it: the next run finds the open batch and
knows whose lead is in doubt. Killed after the outcomes: the batch is done.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadferry.contacts.lock import take_turn
from leadferry.contacts.models import Site
from leadferry.core.change import Change, Look
from leadferry.core.outcome import Outcome, Reason
from leadferry.ledger import leases, runs, spending
from leadferry.ledger.models import Run
from leadferry.ledger.recording import Recording
from leadferry.ledger.runs import Counts
from leadferry.ledger.storage import frame
from leadferry.ledger.storage.rows import instant

Result = Mapping[str, Any]
"""What Salesforce answered for one row: `id`, and `created` when the lead is new."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A run that holds its site: what recording needs to know of it."""

    run: Run
    site: Site
    owner: str
    counts: Counts
    suppress_deleted: bool


@contextmanager
def held(claim: Claim, *, at: datetime) -> Iterator[None]:
    """A transaction of the run that holds the site. Raises ClaimLost, and nothing of it is kept then."""
    with transaction.atomic():
        take_turn(claim.site.pk)
        leases.renew(claim.site.pk, claim.owner, now=at.timestamp())
        yield


def intend(claim: Claim, changes: Sequence[Change], *, at: datetime) -> int:
    """Write down that these changes are about to be sent, and the call that it costs; the batch's id.

    Belongs into `held`, as do `record` and `settle`.
    """
    claim.counts.batches += 1
    row = [claim.run.pk, claim.site.pk, claim.counts.batches, instant(at)]
    contacts = orjson.dumps([change.contact_id for change in changes])
    spending.spend(claim.site.pk, 1, at=at)
    return frame.insert(frame.INTEND, [*row, len(changes), contacts.decode()])


def record(
    claim: Claim,
    batch_id: int,
    *,
    delivered: Sequence[tuple[Change, Result]],
    outcomes: Sequence[tuple[Change, Outcome]],
    calls: int,
    at: datetime,
) -> list[Change]:
    """Write down how every contact of the batch came out; returns those postponed, with their new tries.

    `delivered` come with Salesforce's results, `outcomes` are the others; `calls` is what was charged.
    """
    recording = Recording(claim.site, claim.run, at=at, suppress_deleted=claim.suppress_deleted)
    recording.deliver(delivered)
    for change, outcome in outcomes:
        recording.add(change, outcome, batch_id)
    claim.counts.api_calls += calls
    recording.count(claim.counts)
    recording.write()
    recording.note_batch(claim.counts.batches)
    spending.spend(claim.site.pk, calls - 1, at=at)
    frame.execute(frame.CLOSE, [instant(at), recording.delivered_contacts(), batch_id])
    runs.count(claim.run.pk, claim.counts)
    return recording.waiting


def settle(
    claim: Claim, looks: Sequence[Look], invalid: Sequence[tuple[Change, Reason]], *, at: datetime
) -> None:
    """Write down the contacts that a run looked at and did not send."""
    recording = Recording(claim.site, claim.run, at=at, suppress_deleted=claim.suppress_deleted)
    recording.settle(looks)
    for change, reason in invalid:
        recording.invalidate(change, reason)
    recording.count(claim.counts)
    recording.write()
    runs.count(claim.run.pk, claim.counts)
