"""What the steps of the story share: who tells it, where, and the numbers as the installation has them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Sum

from leadferry.console.demo.organization import Organization
from leadferry.console.demo.telling import Teller
from leadferry.contacts.importing import import_activities, import_contacts, open_source
from leadferry.contacts.models import Site
from leadferry.contacts.report import Report
from leadferry.core.outcome import Explanation, explain
from leadferry.engine.replicate import replicate, wall_clock
from leadferry.engine.standing import standings
from leadferry.ledger.models import Run
from leadferry.scoring.points import refresh

ACME, GLOBEX = "acme", "globex"
HELD = ("blocked", "invalid")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Contacts held back for one reason. `sent`: whether Salesforce was asked at all."""

    code: str
    sent: bool
    keys: tuple[str, ...]

    @property
    def told(self) -> Explanation:
        return explain(self.code)


@dataclass(kw_only=True)
class Stage:
    """One telling of the story, in the home folder `house`, to the organization at `url`."""

    teller: Teller
    house: Path
    url: str
    organization: Organization
    contacts: int
    people: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        few = self.contacts * 2 // 5
        self.people = {ACME: self.contacts - few, GLOBEX: few}

    def site(self, code: str) -> Site:
        return Site.objects.get(code=code)

    def take(self, code: str, name: str, *, activities: bool = False) -> Report:
        """Import a file of the house as `leadferry import` does, and tell what became of its lines."""
        site, now = self.site(code), wall_clock()
        take = import_activities if activities else import_contacts
        self.teller.command(f"import {code} {name}{' --activities' * activities}")
        source = open_source(self.house / name)
        report = take(site, source, now=now, after_chunk=lambda ids: refresh(site, ids, now=now))
        told = {word: getattr(report, word) for word in ("created", "updated", "unchanged", "rejected")}
        self.teller.outcome(", ".join(f"{number:,} {word}" for word, number in told.items() if number))
        return report

    def run(self, code: str) -> Run:
        """Execute the site's task as `leadferry run` does, and tell how it went and what it cost."""
        self.teller.command(f"run {code}")
        done = replicate(self.site(code))
        self.teller.outcome(f"{done.status}, {calls(done.api_calls)}")
        self.teller.say(done.message if done.eligible else "Nothing is due.")
        return done

    def statuses(self, code: str) -> Counter[str]:
        """How many contacts of the site stand how."""
        return Counter(standing.status for standing in standings(self.site(code)))

    def leads(self, code: str) -> int:
        """Contacts of the site whose lead exists, as far as we know."""
        return sum(1 for standing in standings(self.site(code)) if standing.lead_id)

    def causes(self, code: str) -> list[Cause]:
        """Why contacts of the site are held back, the most frequent cause first."""
        keys: dict[tuple[str, bool], list[str]] = {}
        for standing in standings(self.site(code)):
            if standing.status in HELD:
                keys.setdefault((standing.code, standing.status == "blocked"), []).append(standing.key)
        found = [
            Cause(code=code, sent=sent, keys=tuple(sorted(who, key=len)))
            for (code, sent), who in keys.items()
        ]
        return sorted(found, key=lambda cause: (-len(cause.keys), cause.code))

    def spent(self, code: str) -> int:
        """API calls that the runs of the site cost, all together."""
        return Run.objects.filter(site__code=code).aggregate(calls=Sum("api_calls"))["calls"] or 0


def calls(number: int) -> str:
    """So many API calls, in words."""
    return f"{number:,} API call{'' if number == 1 else 's'}"
