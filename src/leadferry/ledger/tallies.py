"""Counts of contacts, kept with their age, because counting a million takes seconds.

Whoever looks asks for a count; a worker counts; the next look finds it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.ledger.models import Tally


def kept(site_ids: Collection[int]) -> dict[int, Tally]:
    """The counts of these sites, by site; none for a site that was never counted."""
    return {tally.site_id: tally for tally in Tally.objects.filter(site_id__in=site_ids)}


def want(site_ids: Collection[int]) -> None:
    """Ask for counts of these sites."""
    there = Tally.objects.filter(site_id__in=site_ids)
    lacking = set(site_ids) - set(there.values_list("site_id", flat=True))
    if lacking:
        new = [Tally(site_id=site_id, wanted=True) for site_id in sorted(lacking)]
        Tally.objects.bulk_create(new, ignore_conflicts=True)
    there.filter(wanted=False).update(wanted=True)


def is_wanted() -> bool:
    """Whether somebody asked for a count that nobody has begun."""
    return Tally.objects.filter(wanted=True).exists()


def begin() -> list[Site]:
    """The sites to be counted, for the first who asks; the next look asks for a count lost to a kill."""
    claimed = [
        site_id
        for site_id in Tally.objects.filter(wanted=True).values_list("site_id", flat=True)
        if Tally.objects.filter(site_id=site_id, wanted=True).update(wanted=False)
    ]
    return list(Site.objects.filter(pk__in=claimed))


def keep(tallies: Iterable[Tally], *, at: datetime, took: float) -> None:
    """Store counts; `took`: seconds that counting took."""
    for tally in tallies:
        tally.counted_at, tally.took = at, took
        tally.save(force_update=True)
