"""API calls: what this site spent in the last 24 hours, and how full the organization's allowance is."""

from datetime import datetime

from django.db.models import F, Sum

from leadferry.ledger.models import Organization, Spending

DAY = 24 * 60
"""Minutes of the rolling window that Salesforce counts calls in (Limits: API request allocations)."""


def spend(site_id: int, calls: int, *, at: datetime) -> None:
    """Note `calls` spent (negative: fewer than noted before)."""
    if not calls:
        return
    minute = int(at.timestamp() // 60)
    touched = Spending.objects.filter(site_id=site_id, minute=minute).update(calls=F("calls") + calls)
    if not touched:
        Spending.objects.create(site_id=site_id, minute=minute, calls=calls)


def spent(site_id: int, *, at: datetime) -> int:
    """Calls of the site within the 24 hours before `at`."""
    since = int(at.timestamp() // 60) - DAY
    rows = Spending.objects.filter(site_id=site_id, minute__gt=since)
    return rows.aggregate(total=Sum("calls"))["total"] or 0


def learn(site_id: int, *, used: int, allowed: int, at: datetime) -> None:
    """Keep the organization's usage as its newest answer told it."""
    Organization.objects.filter(pk=site_id).update(used=used, allowed=allowed, used_at=at)
