"""API usage of a site and its organization, as people ask for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from leadferry.contacts.models import Site
from leadferry.engine.line import Line
from leadferry.ledger import organizations
from leadferry.ledger.settings import effective


def usage_of(site: Site, *, clock: Callable[[], datetime]) -> dict[str, Any]:
    """Calls of the last 24 hours: the organization's by its newest answer, the site's own, what is left."""
    settings, organization = effective(site), organizations.of(site)
    budget = Line(site=site, settings=settings, clock=clock).budget()
    return {
        "site": site.code,
        "used": organization.used,
        "allowed": organization.allowed,
        "as_of": organization.used_at,
        "reserve_percent": settings.replication.api_reserve_percent,
        "site_calls": budget.used_by_site_today,
        "ceiling": settings.replication.max_calls_per_day,
        "calls_left": budget.calls_left(),
    }
