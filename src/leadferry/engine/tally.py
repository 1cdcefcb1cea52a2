"""How many contacts stand how: counted now where they are few, by a worker where they are many."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from leadferry.contacts.models import Site
from leadferry.core.state import Cause, State, shown_status
from leadferry.engine.orders import threshold
from leadferry.ledger import tallies
from leadferry.ledger.models import Tally
from leadferry.ledger.settings import SiteSettings, effective_of
from leadferry.ledger.storage import tally as storage

Clock = Callable[[], datetime]

FEW, FEW_SITES = 5_000, 20
"""Contacts and sites that are counted at once, whenever somebody looks."""
FRESH = timedelta(seconds=30)
SHARE = 20
"""A count is good for as many times as long as it took, so that counting never fills a worker's day."""
MOST_CAUSES = 8
_LOWEST = -(2**31)

Linked = Mapping[tuple[int, bool], int]


def looked_at(sites: Sequence[Site], *, clock: Clock) -> dict[int, Tally]:
    """The counts of these sites, by site, as fresh as they can be had at once; a stale one is asked for anew.

    A site that is being counted for the first time is missing.
    """
    now = clock()
    if len(sites) <= FEW_SITES and storage.fewer_than(FEW):
        return {tally.site_id: tally for tally in _counted(sites, now)}
    known = tallies.kept([site.pk for site in sites])
    stale = [site.pk for site in sites if _is_stale(known.get(site.pk), now)]
    if stale:
        tallies.want(stale)
    return {site_id: tally for site_id, tally in known.items() if tally.counted_at}


def count_wanted(*, clock: Clock) -> None:
    """Count what somebody asked for; for workers."""
    sites = tallies.begin()
    if sites:
        began, now = time.monotonic(), clock()
        counted = _counted(sites, now)
        tallies.keep(counted, at=now, took=time.monotonic() - began)


def _is_stale(tally: Tally | None, now: datetime) -> bool:
    if tally is None or tally.counted_at is None:
        return True
    return now - tally.counted_at > max(FRESH, timedelta(seconds=SHARE * tally.took))


def _counted(sites: Sequence[Site], now: datetime) -> list[Tally]:
    settings = effective_of(sites)
    linked: dict[int, dict[tuple[int, bool], int]] = {}
    for site_id, state, has_lead, number in storage.linked([site.pk for site in sites]):
        linked.setdefault(site_id, {})[state, bool(has_lead)] = number
    return [
        Tally(
            site_id=site.pk,
            statuses=dict(_statuses(site, settings[site.pk], linked.get(site.pk, {}))),
            causes=[list(row) for row in storage.causes(site.pk, at_most=MOST_CAUSES)],
            counted_at=now,
        )
        for site in sites
    ]


def _statuses(site: Site, settings: SiteSettings, linked: Linked) -> Counter[str]:
    """Contacts of the site by the status that people read (interface description, section 3).

    Whose values differ is not compared, as in `shown_status`: a due mark is taken for it.
    """
    found: Counter[str] = Counter()
    left, rest = Counter(linked), storage.contacts(site.pk)
    for known, state, has_lead, causes, qualifies, number in _due(site, settings):
        if known:
            left[state, bool(has_lead)] -= number
        found[_word(state, has_lead, due=Cause(causes), qualifies=bool(qualifies))] += number
    for (state, has_lead), number in left.items():
        found[_word(state, has_lead)] += max(0, number)
    # Of whom nothing is known and who is not due, a run has seen that they do not qualify.
    found["not_eligible"] += max(0, rest - found.total())
    return +found


def _due(site: Site, settings: SiteSettings) -> list[tuple[Any, ...]]:
    who = threshold(settings)
    minimum = who.minimum if who.score_name else _LOWEST
    return storage.due(site.pk, minimum=minimum, anonymous_too=who.include_anonymous)


def _word(state: int, has_lead: bool, *, due: Cause = Cause.NONE, qualifies: bool = False) -> str:
    return shown_status(State(state), lead_exists=bool(has_lead), due=due, qualifies=qualifies)
