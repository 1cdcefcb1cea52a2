"""API calls: what this site spent in the last 24 hours, and how full the organization's allowance is."""

from datetime import datetime

from django.db.models import Sum

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


def learn(site_id: int, *, used: int, allowed: int, at: datetime) -> None:
    """Keep the organization's usage as its newest answer told it."""
    execute(LEARN, [used, allowed, instant(at), site_id])
