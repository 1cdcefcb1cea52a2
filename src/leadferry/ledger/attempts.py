"""What came of each time a contact was tried, put together from its attempts and the batches that name it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from heapq import merge
from itertools import islice
from typing import Any

import orjson
from django.db.models import Q, QuerySet

from leadferry.contacts.models import Site
from leadferry.ledger.models import Attempt, Batch, Run

MOST_SEARCHED = 5000
"""Batches of the site that are searched for a contact, newest first."""


class Answer(IntEnum):
    """What an attempt came to; the numbers are stored."""

    CREATED = 1
    UPDATED = 2
    REFUSED = 3
    POSTPONED = 4
    INVALID = 5
    CONVERTED = 6
    DELETED = 7
    HALTED = 8


@dataclass(frozen=True, kw_only=True)
class Attempted:
    """One attempt: when, in which run, what came of it; of a refusal Salesforce's code and own text."""

    at: datetime
    run: int
    answer: Answer
    code: str = ""
    message: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        told = {"code": self.code, "message": self.message}
        return {"at": self.at, "run": self.run, "answer": self.answer.name.lower(), **told}


def of(site: Site, contact_id: int, *, limit: int = 20) -> list[Attempted]:
    """The newest attempts of one contact, newest first.

    Deliveries are found in the site's newest MOST_SEARCHED batches only. A call whose answer was lost is no
    attempt: nobody knows what came of it.
    """
    sources = [
        _delivered(site, contact_id, limit),
        _undelivered(site, contact_id, limit),
        _unsent(site, contact_id, limit),
    ]
    found = merge(*sources, key=lambda attempted: (attempted.at, attempted.run), reverse=True)
    return list(islice(found, limit))


def _delivered(site: Site, contact_id: int, limit: int) -> Iterator[Attempted]:
    for batch in _naming(site, contact_id)[:limit]:
        created = contact_id in orjson.loads(batch.contacts)["created"]
        answer = Answer.CREATED if created else Answer.UPDATED
        yield Attempted(at=batch.ended_at or batch.sent_at, run=batch.run_id, answer=answer)


def _naming(site: Site, contact_id: int) -> QuerySet[Batch]:
    """The closed batches that delivered the contact, newest first."""
    newest = Batch.objects.filter(site_id=site.pk).order_by("-pk")[:MOST_SEARCHED]
    named = Q()
    for before in "[,":
        for after in ",]":
            named |= Q(contacts__contains=f"{before}{contact_id}{after}")
    return Batch.objects.filter(named, pk__in=newest.values("pk"), ended_at__isnull=False).order_by("-pk")


def _undelivered(site: Site, contact_id: int, limit: int) -> Iterator[Attempted]:
    rows = list(Attempt.objects.filter(contact_id=contact_id, batch_id__gt=0).order_by("-batch_id")[:limit])
    batches = Batch.objects.filter(site_id=site.pk).in_bulk([row.batch_id for row in rows])
    for row in rows:
        if batch := batches.get(row.batch_id):
            yield _attempted(row, at=batch.ended_at or batch.sent_at, run=batch.run_id)


def _unsent(site: Site, contact_id: int, limit: int) -> Iterator[Attempted]:
    """What the check before sending found: it belongs to a run, whose number is stored below 0."""
    rows = list(Attempt.objects.filter(contact_id=contact_id, batch_id__lt=0).order_by("batch_id")[:limit])
    runs = Run.objects.filter(site=site).in_bulk([-row.batch_id for row in rows])
    for row in rows:
        if run := runs.get(-row.batch_id):
            yield _attempted(row, at=run.started_at, run=run.pk)


def _attempted(row: Attempt, *, at: datetime, run: int) -> Attempted:
    answer = Answer(row.outcome)
    return Attempted(at=at, run=run, answer=answer, code=row.code or "", message=row.message or "")
