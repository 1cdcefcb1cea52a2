"""The event log as it is read: filtered, a page at a time, whole for an export.

Filters by site, contact, run, code and errors walk along an index. The others are looked for in WINDOW lines
at a time, so that a page costs the same however long the log is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from leadferry.ledger.events import ERROR
from leadferry.ledger.models import Event

WINDOW = 50_000
"""Lines that one page searches at most."""
PAGE = 50
CHUNK = 1_000
_DISORDER = timedelta(hours=1)
# Lines are numbered as they are written and timed as their transaction began: the two orders differ a little.


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which lines: each filter that is not empty has to fit.

    `sites` are the codes of the sites whose lines may be seen; None: all, those of no site included. `since`
    and `until` are instants; `text` is looked for in the description; `replication_errors` are the errors of
    delivering contacts, without the ordinary noise.
    """

    sites: Sequence[str] | None
    type: str = ""
    source: str = ""
    code: str = ""
    contact: str = ""
    run: str = ""
    user: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    replication_errors: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """Lines, newest first. `older`: where the next page begins (None: there is none).

    `searched_to`: how far back was looked, when the page ended because WINDOW lines had been searched.
    """

    lines: Sequence[Event]
    older: int | None
    searched_to: datetime | None = None


def page_of(wanted: Wanted, *, before: int | None = None, size: int = PAGE) -> Page:
    """The newest `size` lines that are older than the line numbered `before` (None: the newest of all)."""
    start = _start(wanted, before)
    indexed = _indexed(wanted).filter(pk__lt=start)
    floor = indexed.order_by("-pk").values_list("pk", "time")[WINDOW - 1 : WINDOW].first()
    searched = indexed.filter(pk__gte=floor[0]) if floor else indexed
    lines = list(_rest(wanted, searched).order_by("-pk")[: size + 1])
    if len(lines) > size:
        return Page(lines=lines[:size], older=lines[size - 1].pk)
    if floor is None or (wanted.since and floor[1] < wanted.since - _DISORDER):
        return Page(lines=lines, older=None)
    return Page(lines=lines, older=floor[0], searched_to=floor[1])


def every(wanted: Wanted) -> Iterator[Event]:
    """All the lines, newest first, read by chunks: no statement stays open while somebody downloads."""
    before: int | None = None
    while True:
        found = page_of(wanted, before=before, size=CHUNK)
        yield from found.lines
        if found.older is None:
            return
        before = found.older


def line_of(wanted: Wanted, number: int) -> Event | None:
    """The line of this number, if it is of a site that may be seen; the other filters do not matter."""
    return _seen(wanted.sites).filter(pk=number).first()


def newer_than(wanted: Wanted, number: int) -> int | None:
    """The number of the next newer line that fits; looked for among the next WINDOW lines."""
    indexed = _indexed(wanted).filter(pk__gt=number)
    ceiling = indexed.order_by("pk").values_list("pk", flat=True)[WINDOW - 1 : WINDOW].first()
    searched = indexed.filter(pk__lte=ceiling) if ceiling else indexed
    return _rest(wanted, searched).order_by("pk").values_list("pk", flat=True).first()


def older_than(wanted: Wanted, number: int) -> int | None:
    """The number of the next older line that fits; looked for among the next WINDOW lines."""
    found = page_of(wanted, before=number, size=1).lines
    return found[0].pk if found else None


def _seen(sites: Sequence[str] | None) -> QuerySet[Event]:
    if sites is None:
        return Event.objects.all()
    if len(sites) == 1:
        return Event.objects.filter(site=sites[0])
    return Event.objects.filter(site__in=sites)


def _indexed(wanted: Wanted) -> QuerySet[Event]:
    """The lines by what an index is for; the conditions of partial ones are said so that they are used."""
    one_site = wanted.sites is not None and len(wanted.sites) == 1
    lines = _seen(wanted.sites) if one_site else Event.objects.all()
    if wanted.run:
        lines = lines.filter(run=wanted.run, run__gt="")
    if wanted.contact:
        lines = lines.filter(contact=wanted.contact, contact__gt="")
    if wanted.code:
        lines = lines.filter(code=wanted.code)
    if wanted.type == ERROR or wanted.replication_errors:
        lines = lines.filter(type=ERROR)
    return lines


def _rest(wanted: Wanted, lines: QuerySet[Event]) -> QuerySet[Event]:
    """What is left to be compared line by line."""
    if wanted.sites is not None and len(wanted.sites) != 1:
        lines = lines.filter(site__in=wanted.sites)
    source = "replication" if wanted.replication_errors else wanted.source
    for name, value in {"type": wanted.type, "source": source, "user": wanted.user}.items():
        if value:
            lines = lines.filter(**{name: value})
    if wanted.text:
        lines = lines.filter(description__icontains=wanted.text)
    if wanted.since:
        lines = lines.filter(time__gte=wanted.since)
    return lines.filter(time__lte=wanted.until) if wanted.until else lines


def _start(wanted: Wanted, before: int | None) -> int:
    """The number below which lines are looked at: that of the page before, or where `until` is."""
    newest = (Event.objects.aggregate(newest=Max("pk"))["newest"] or 0) + 1
    start = newest if before is None else before
    if wanted.until is None:
        return start
    return min(start, _first_after(wanted.until + _DISORDER, newest))


def _first_after(instant: datetime, newest: int) -> int:
    """The number from which on lines are later than `instant`, found by halving; each look is by number."""
    low, high = 0, newest
    while low < high:
        middle = (low + high) // 2
        found = Event.objects.filter(pk__gte=middle).order_by("pk").values_list("pk", "time").first()
        if found is None or found[1] > instant:
            high = middle
        else:
            low = found[0] + 1
    return low
