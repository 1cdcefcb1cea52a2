"""Counts and samples for what a change of settings would set in motion."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from leadferry.core.state import State
from leadferry.ledger.models import Link

STRIDES = 20
_LOWEST = -(2**31)
_HELD = (int(State.BLOCKED), int(State.INVALID))

_WITHOUT_LEAD = """
SELECT count(*) FROM contacts_contact c
LEFT JOIN ledger_link l ON l.contact_id = c.id
LEFT JOIN scoring_score s ON s.site_id = c.site_id AND s.name = %s
LEFT JOIN scoring_total t ON t.contact_id = c.id AND t.score_id = s.id
LEFT JOIN scoring_score s2 ON s2.site_id = c.site_id AND s2.name = %s
LEFT JOIN scoring_total t2 ON t2.contact_id = c.id AND t2.score_id = s2.id
WHERE c.site_id = %s AND COALESCE(l.lead_id, '') = '' AND COALESCE(l.state, 0) NOT IN (4, 5, 6, 7)
    AND (%s OR NOT c.anonymous) AND COALESCE(t.points, 0) >= %s
    AND NOT ((%s OR NOT c.anonymous) AND COALESCE(t2.points, 0) >= %s)
"""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What it takes to be worth a lead; `minimum` None: everyone, whatever their points."""

    score: str
    minimum: int | None
    anonymous_too: bool

    @property
    def least(self) -> int:
        return _LOWEST if self.minimum is None else self.minimum


def without_lead(site_id: int, bar: Bar, *, but_not: Bar) -> int:
    """Contacts without lead, quarantine apart, that pass the one bar and not the other."""
    limits = [bar.anonymous_too, bar.least, but_not.anonymous_too, but_not.least]
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_LEAD, [bar.score, but_not.score, site_id, *limits])
        return int(cursor.fetchone()[0])


def held(site_id: int) -> int:
    """Contacts in quarantine."""
    return Link.objects.filter(site_id=site_id, state__in=_HELD).count()


def leads(site_id: int, *, at_most: int) -> tuple[int, Mapping[int, bytes | None]]:
    """How many contacts have a lead that runs still touch; of at most so many, the fingerprint by contact.

    The sample is taken in strides over all of them, because the first are often of one kind: one import.
    """
    linked = Link.objects.filter(site_id=site_id, state__lt=_HELD[0]).exclude(lead_id="").order_by("pk")
    total = linked.count()
    ends = [linked.values_list("pk", flat=True).first(), linked.values_list("pk", flat=True).last()]
    if total <= at_most or ends[0] is None or ends[1] is None:
        found = linked[:at_most].values_list("pk", "fingerprint")
        return total, {pk: _bytes(print_) for pk, print_ in found}
    sampled: dict[int, bytes | None] = {}
    for stride in range(STRIDES):
        start = ends[0] + (ends[1] - ends[0]) * stride // STRIDES
        page = linked.filter(pk__gte=start)[: max(1, at_most // STRIDES)]
        sampled.update((pk, _bytes(print_)) for pk, print_ in page.values_list("pk", "fingerprint"))
    return total, sampled


def _bytes(stored: bytes | memoryview | None) -> bytes | None:
    return bytes(stored) if stored is not None else None
