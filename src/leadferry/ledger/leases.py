"""One run of a site at a time: a claim is a lease, so a killed process frees itself."""

from django.db.models import Q

from leadferry.contacts.models import Site
from leadferry.ledger.models import Lease
from leadferry.ledger.storage.frame import RENEW, execute

SECONDS = 40.0
"""How long a claim lives without a heartbeat: a killed run's site is free within a minute."""


class ClaimLost(Exception):
    """Another process holds the claim: this one was taken for dead and must not record anything."""


class SiteBusy(Exception):
    """A run of the site is in progress."""


def claim(site: Site, owner: str, *, now: float) -> bool:
    """Claim the site for `owner` until `now` + SECONDS (epoch seconds); False while another run holds it."""
    Lease.objects.get_or_create(site=site)
    free = Lease.objects.filter(Q(owner="") | Q(expires__lt=now), site=site)
    return free.update(owner=owner, expires=now + SECONDS) == 1


def renew(site_id: int, owner: str, *, now: float) -> None:
    """Prolong the claim. Raises ClaimLost; inside a transaction, nothing of it is kept then."""
    if execute(RENEW, [now + SECONDS, site_id, owner]) != 1:
        raise ClaimLost(f"another process took over site {site_id}")


def release(site_id: int, owner: str) -> None:
    """Free the site, if `owner` still holds it; if not, there is nothing to free."""
    Lease.objects.filter(site_id=site_id, owner=owner).update(owner="", expires=0)
