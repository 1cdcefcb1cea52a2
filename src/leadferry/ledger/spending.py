"""API calls: what this site spent in the last 24 hours, and how full the organization's allowance is."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, QuerySet, Sum

from leadferry.ledger.models import Spending
from leadferry.ledger.storage.frame import LEARN, SPEND, execute
from leadferry.ledger.storage.rows import instant

DAY = 24 * 60
"""Minutes of the rolling window that Salesforce counts calls in (Limits: API request allocations)."""


def spend(site_id: int, calls: int, *, at: datetime) -> None:
    """Note `calls` spent (negative: fewer than noted before)."""
    if not calls:
        return
    execute(SPEND, [site_id, int(at.timestamp() // 60), calls])


def spent(site_id: int, *, at: datetime) -> int:
    """Calls of the site within the 24 hours before `at`."""
    since = int(at.timestamp() // 60) - DAY
    rows = Spending.objects.filter(site_id=site_id, minute__gt=since)
    return rows.aggregate(total=Sum("calls"))["total"] or 0


def spent_by_site(site_ids: Collection[int], *, at: datetime) -> dict[int, int]:
    """Calls of each of these sites within the 24 hours before `at`; none for one that spent nothing."""
    rows = _of_the_day(site_ids, at).values_list("site_id").annotate(Sum("calls"))
    return dict(rows)


def spent_by_hour(site_ids: Collection[int], *, at: datetime) -> list[tuple[int, int]]:
    """Calls of these sites together in each of the last 24 hours, the oldest first: (epoch hours, calls)."""
    rows = _of_the_day(site_ids, at).values_list(F("minute") / 60).annotate(Sum("calls")).order_by()
    found, last = dict(rows), int(at.timestamp() // 3600)
    return [(hour, found.get(hour, 0)) for hour in range(last - 23, last + 1)]


def _of_the_day(site_ids: Collection[int], at: datetime) -> QuerySet[Spending]:
    since = int(at.timestamp() // 60) - DAY
    return Spending.objects.filter(site_id__in=site_ids, minute__gt=since)


def learn(site_id: int, *, used: int, allowed: int, at: datetime) -> None:
    """Keep the organization's usage as its newest answer told it."""
    execute(LEARN, [used, allowed, instant(at), site_id])
