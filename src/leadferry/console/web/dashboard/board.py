"""What the dashboard shows, gathered for one site or many."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from leadferry.console.web.dashboard.charts import Chart, columns
from leadferry.contacts.models import Site
from leadferry.core.outcome import Explanation, explain
from leadferry.engine.outlook import Outlook, outlooks
from leadferry.engine.tally import looked_at
from leadferry.ledger import spending
from leadferry.ledger.models import Tally, Task
from leadferry.ledger.past import by_day
from leadferry.ledger.storage import due
from leadferry.ledger.tasks import Kind

DAYS = 14
MOST_DUE = 100_000
"""More due contacts than this are not counted, they are told as more."""
SHOWN_CAUSES = 6
SHOWN_SITES = 50
WORDS = {
    "replicated": "Replicated",
    "outdated": "Changed since",
    "pending": "Waiting for the next run",
    "retrying": "To be tried again",
    "blocked": "Blocked",
    "invalid": "Invalid",
    "not_eligible": "Not eligible",
    "converted": "Converted",
    "suppressed": "Lead deleted, or merged",
}
"""Every status (interface description, section 3), as the dashboard words it, in its order."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How many contacts have one status; `share` in percent of all."""

    status: str
    word: str
    contacts: int
    share: float
    link: str


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What holds contacts back; `share` in percent of the most frequent cause."""

    code: str
    contacts: int
    share: float
    told: Explanation
    link: str


@dataclass(frozen=True, kw_only=True)
class Usage:
    """One organization's API calls of the last 24 hours; all shares in percent of what is allowed."""

    org_id: str
    sites: Sequence[str]
    used: int
    allowed: int
    reserved: int
    used_at: datetime | None

    @property
    def share(self) -> float:
        return min(100.0, round(100 * self.used / (self.allowed or 1), 2))

    @property
    def line(self) -> float:
        """Where the reserve begins."""
        return round(100 - 100 * self.reserved / (self.allowed or 1), 2)

    @property
    def crossed(self) -> bool:
        """Whether Leadferry waits, because only the reserve is left."""
        return self.used >= self.allowed - self.reserved


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything on the page. `counted_at` is the age of the oldest count; None while one is being made."""

    sites: Sequence[Site]
    contacts: int
    standings: Sequence[Standing]
    causes: Sequence[Cause]
    counted_at: datetime | None
    due: int
    more_due: bool
    runs: Chart
    calls: Chart
    usages: Sequence[Usage]
    outlooks: Sequence[Outlook]
    tasks: Sequence[Task]


def board_of(sites: Sequence[Site], *, code: str | None, clock: Callable[[], datetime]) -> Board:
    """The board of these sites; `code`: the one that links lead to, None: all."""
    now, ids = clock(), [site.pk for site in sites]
    counted = looked_at(sites, clock=clock)
    looked = outlooks(sites, counted, at=now)
    waiting = _due(ids)
    statuses = sum((Counter(tally.statuses) for tally in counted.values()), Counter())
    ages = [tally.counted_at for tally in counted.values() if tally.counted_at]
    return Board(
        sites=sites,
        contacts=statuses.total(),
        standings=_standings(statuses, code),
        causes=_causes(counted, code),
        counted_at=min(ages) if ages and len(counted) == len(sites) else None,
        due=min(waiting, MOST_DUE),
        more_due=waiting > MOST_DUE,
        runs=_runs(ids, now),
        calls=_calls(ids, now),
        usages=_usages(looked),
        outlooks=looked[:SHOWN_SITES],
        tasks=list(_tasks(ids)[:SHOWN_SITES]),
    )


def _tasks(ids: Sequence[int]) -> QuerySet[Task]:
    return Task.objects.filter(site__in=ids, kind=Kind.REPLICATION).select_related("site")


def _due(ids: Sequence[int]) -> int:
    found = 0
    for site_id in ids:
        found += due.waiting(site_id, at_most=MOST_DUE + 1 - found)
        if found > MOST_DUE:
            break
    return found


def _standings(statuses: Mapping[str, int], code: str | None) -> list[Standing]:
    total = sum(statuses.values()) or 1
    return [
        Standing(
            status=status,
            word=word,
            contacts=statuses[status],
            share=round(100 * statuses[status] / total, 2),
            link=_link("contacts", code, replication=status),
        )
        for status, word in WORDS.items()
        if statuses.get(status)
    ]


def _causes(counted: Mapping[int, Tally], code: str | None) -> list[Cause]:
    held: Counter[str] = Counter()
    for tally in counted.values():
        held.update(dict(tally.causes))
    most = held.most_common(SHOWN_CAUSES)
    return [
        Cause(
            code=cause,
            contacts=number,
            share=round(100 * number / most[0][1], 2),
            told=explain(cause),
            link=_link("quarantine", code, code=cause),
        )
        for cause, number in most
    ]


def _runs(ids: Sequence[int], now: datetime) -> Chart:
    rows = by_day(ids, days=DAYS, at=now)
    numbers = [(f"{day:%b} {day.day}", (delivered, refused)) for day, delivered, refused in rows]
    title = f"Contacts delivered and refused in the last {DAYS} days"
    return columns(title, first="Day", series=["Delivered", "Refused"], numbers=numbers)


def _calls(ids: Sequence[int], now: datetime) -> Chart:
    hours = spending.spent_by_hour(ids, at=now)
    numbers = [(f"{datetime.fromtimestamp(3600 * hour, UTC):%H}:00", (calls,)) for hour, calls in hours]
    return columns("API calls in the last 24 hours", first="Hour", series=["API calls"], numbers=numbers)


def _usages(looked: Sequence[Outlook]) -> list[Usage]:
    """One for each organization, by the newest answer of all the sites that write to it."""
    known: dict[str, list[Outlook]] = {}
    for outlook in looked:
        if outlook.budget.allowed and outlook.used_at:
            known.setdefault(outlook.org_id or outlook.site.code, []).append(outlook)
    return [_usage(org_id, sharing) for org_id, sharing in known.items()]


def _usage(org_id: str, sharing: Sequence[Outlook]) -> Usage:
    newest = max(sharing, key=lambda outlook: outlook.used_at or datetime.min.replace(tzinfo=UTC))
    return Usage(
        org_id=org_id,
        sites=[outlook.site.display_name or outlook.site.code for outlook in sharing],
        used=newest.budget.used_by_org or 0,
        allowed=newest.budget.allowed or 0,
        reserved=newest.budget.reserved,
        used_at=newest.used_at,
    )


def _link(name: str, site: str | None, **query: str) -> str:
    """The address of a section; empty where the console has none of that name."""
    try:
        return f"{reverse(name, args=[site])}?{urlencode(query)}"
    except NoReverseMatch:
        return ""
