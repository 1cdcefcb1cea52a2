"""API usage and what the waiting contacts will cost, for many sites at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.core.budget import Budget
from leadferry.ledger import spending
from leadferry.ledger.models import Organization, Tally
from leadferry.ledger.settings import Replication, effective_of

WAITING = ("pending", "retrying")


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """One site: calls of the last 24 hours, and what is still to be sent.

    `waiting`: contacts, None while nobody counted them. `used_at`: when the organization told its usage.
    """

    site: Site
    org_id: str
    enabled: bool
    budget: Budget
    used_at: datetime | None
    batch_size: int
    waiting: int | None

    @property
    def calls_needed(self) -> int | None:
        """Calls that the waiting contacts cost: a batch each (interface description, section 4)."""
        return None if self.waiting is None else -(-self.waiting // self.batch_size)

    @property
    def calls_left(self) -> int | None:
        return self.budget.calls_left()

    @property
    def fits(self) -> bool | None:
        """Whether the calls left are enough; None when that cannot be told."""
        if self.calls_needed is None or self.calls_left is None:
            return None
        return self.calls_needed <= self.calls_left

    def sentence(self) -> str:
        """The forecast in words."""
        if self.waiting is None or self.calls_needed is None:
            return "The waiting contacts are being counted."
        if not self.waiting:
            return "Nothing is waiting to be sent."
        wait = f"{self.waiting:,} contacts wait, which is about {self.calls_needed:,} API calls"
        if not self.enabled:
            return f"{wait}; the replication is off."
        if self.calls_left is None:
            return f"{wait}; Salesforce has not told its limit yet."
        if self.fits:
            return f"{wait}; {self.calls_left:,} may still be spent today."
        return f"{wait}, but only {self.calls_left:,} may be spent now: the rest goes as older calls expire."


def outlooks(sites: Sequence[Site], counted: Mapping[int, Tally], *, at: datetime) -> list[Outlook]:
    """The outlook of each site; `counted`: their contacts by status, as far as known."""
    ids = [site.pk for site in sites]
    settings, spent = effective_of(sites), spending.spent_by_site(ids, at=at)
    known = Organization.objects.filter(site_id__in=ids).defer("describe").in_bulk()
    return [
        _outlook(site, settings[site.pk].replication, known.get(site.pk), spent.get(site.pk, 0), counted)
        for site in sites
    ]


def _outlook(
    site: Site,
    replication: Replication,
    organization: Organization | None,
    spent: int,
    counted: Mapping[int, Tally],
) -> Outlook:
    tally = counted.get(site.pk)
    statuses = (*WAITING, "outdated") if replication.keep_updated else WAITING
    return Outlook(
        site=site,
        org_id=organization.org_id if organization else "",
        enabled=replication.enabled,
        budget=Budget(
            used_by_org=organization.used if organization else None,
            allowed=organization.allowed if organization else None,
            reserve_percent=replication.api_reserve_percent,
            used_by_site_today=spent,
            ceiling=replication.max_calls_per_day,
        ),
        used_at=organization.used_at if organization else None,
        batch_size=replication.batch_size,
        waiting=sum(tally.statuses.get(status, 0) for status in statuses) if tally else None,
    )
