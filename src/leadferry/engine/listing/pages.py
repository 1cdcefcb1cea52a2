"""Pages of the list of contacts, and all of it one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.contacts.models import Contact, Site
from leadferry.engine.listing.conditions import conditions
from leadferry.engine.listing.sorting import DEFAULT, ORDERS, Mark, read, written
from leadferry.engine.listing.walk import COUNTED, Way, count, few, narrow, wide
from leadferry.engine.listing.wanted import Wanted
from leadferry.engine.orders import threshold
from leadferry.engine.standing import Standing, standings_of
from leadferry.ledger.settings import effective
from leadferry.scoring.models import Score

SIZE = 50
MOST_LOOKED_AT = 5_000
"""Contacts that one page looks at, when no index finds who is wanted."""
MOST_JUDGED = 1_000
"""Contacts whose values one page maps, to tell replicated from outdated."""
WINDOWS = (500, 1_500, 3_000)
COMPARED = frozenset({"replicated", "outdated"})
SHOWN = ("pk", "key", "first_name", "last_name", "email", "status", "company", "country", "created")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A contact of the list, and how it stands."""

    contact: Contact
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Page:
    """`next` is where the next page begins, empty at the end of the list.

    `complete`: whether `rows` is all that fits on the page; if not, nobody knows yet what comes at `next`.
    `total` counts up to COUNTED + 1; None where nobody counted.
    """

    rows: list[Row]
    next: str
    complete: bool
    total: int | None

    @property
    def more_than(self) -> int | None:
        """The number that `total` is above, where it stopped counting."""
        return COUNTED if self.total is not None and self.total > COUNTED else None


def page(site: Site, wanted: Wanted, *, order: str = DEFAULT, after: str = "", size: int = SIZE) -> Page:
    """One page; `after` is the `next` of the page before (what is none begins at the start).

    It takes a bounded time however many contacts there are: where few of many are wanted and no index finds
    them, the page ends early, `complete` is false, and `next` goes on looking.
    """
    way = _way(site, wanted, order)
    by = narrow(way)
    walk = _Walk(way, wanted, by=by, at=read(after, way.order) if after else None)
    found = walk.collect(size, most=MOST_LOOKED_AT)
    rest = written(walk.at) if walk.at is not None else ""
    total = None if wanted.replication in COMPARED or after else count(way, by)
    return Page(rows=_rows(site, found), next=rest, complete=not rest or len(found) == size, total=total)


def everyone(site: Site, wanted: Wanted, *, order: str = DEFAULT, size: int = 500) -> Iterator[list[Row]]:
    """All of the list, for as long as it takes, in memory of `size` contacts."""
    way = _way(site, wanted, order)
    walk = _Walk(way, wanted, by=narrow(way), at=None)
    while True:
        found = walk.collect(size, most=MOST_LOOKED_AT)
        if found:
            yield _rows(site, found)
        if walk.at is None:
            return


class _Walk:
    """Where we are in the list."""

    def __init__(self, way: Way, wanted: Wanted, *, by: Any, at: Mark | None) -> None:
        self.way, self.wanted, self.by, self.at = way, wanted, by, at
        self._compares = wanted.replication in COMPARED

    def collect(self, size: int, *, most: int) -> list[Standing]:
        """Up to `size` contacts; fewer when `most` were looked at, or nothing comes after."""
        found: list[Standing] = []
        looked = judged = turn = 0
        while len(found) < size and looked < most and judged < MOST_JUDGED:
            window = WINDOWS[min(turn, len(WINDOWS) - 1)]
            turn += 1
            wants = size - len(found)
            marks = self._step(wants, min(window, most - looked))
            found += self._judged([contact_id for _, contact_id in marks])
            looked += window
            judged += len(marks) if self._compares else 0
            if self.at is None:
                break
        return found

    def _step(self, size: int, window: int) -> list[Mark]:
        if self.by is not None:
            step = few(self.way, self.by, self.at, size=size)
        else:
            step = wide(self.way, self.at, window=window, size=size)
        self.at = step.end
        return step.found

    def _judged(self, ids: Sequence[int]) -> list[Standing]:
        stand = standings_of(self.way.site, ids)
        listed = [stand[contact_id] for contact_id in ids if contact_id in stand]
        if not self._compares:
            return listed
        return [standing for standing in listed if standing.status == self.wanted.replication]


def _way(site: Site, wanted: Wanted, order: str) -> Way:
    settings = effective(site)
    score = Score.objects.filter(site=site, name=settings.replication.score).first()
    return Way(
        site=site,
        order=ORDERS.get(order, ORDERS[DEFAULT]),
        score_id=score.pk if score else 0,
        conditions=conditions(site, wanted, threshold(settings)),
    )


def _rows(site: Site, standings: Sequence[Standing]) -> list[Row]:
    contacts = Contact.objects.only(*SHOWN).in_bulk([standing.contact_id for standing in standings])
    return [
        Row(contact=contacts[each.contact_id], standing=each)
        for each in standings
        if each.contact_id in contacts
    ]
