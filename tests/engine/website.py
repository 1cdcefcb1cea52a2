"""A site with an organization of its own in the same process, and short ways to feed, run and ask it."""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import tomli_w

from leadferry.contacts.importing import import_contacts
from leadferry.contacts.models import Contact, Site
from leadferry.contacts.report import Report
from leadferry.contacts.sources import Rows
from leadferry.core.contact import external_id
from leadferry.engine.configure import Configured, configure
from leadferry.engine.replicate import replicate
from leadferry.engine.standing import Standing, standing_of, standings
from leadferry.ledger import quarantine
from leadferry.ledger.models import Event, Run
from leadferry.salesforce import Transport
from leadferry.scoring.points import refresh
from leadferry.simulator import InProcess, Org, create_app, life
from leadferry.simulator.faults import Fault
from leadferry.simulator.org import Logged

Row = Mapping[str, object]

KEY_FIELD = "LeadferryId__c"
MAPPING = {
    "LastName": "last_name",
    "FirstName": "first_name",
    "Company": "company",
    "Email": "email",
    "Title": "job_title",
    "Phone": "business_phone",
}
REPLICATION = {"enabled": True, "keep_updated": True, "score": "engagement", "minimum_score": 50}
SCORE = {
    "name": "engagement",
    "rule": [
        {
            "name": "Decision maker",
            "points": 50,
            "attribute": "job_title",
            "operator": "contains",
            "value": "Director",
        },
        {
            "name": "Founder",
            "points": 100,
            "attribute": "job_title",
            "operator": "contains",
            "value": "Founder",
        },
    ],
}
ADA = {
    "key": "ada",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "company": "Engines",
    "job_title": "Director",
}
BOB = {"key": "bob", "first_name": "Bob", "company": "Bobbins", "job_title": "Director"}
CY = {"key": "cy", "last_name": "Young", "email": "cy@example.com", "job_title": "Intern"}


def people(number: int, *, start: int = 0, **fields: object) -> list[Row]:
    """Directors with keys p00000, p00001 …, all of whom qualify and pass every check."""
    return [
        {
            "key": f"p{n:05d}",
            "last_name": f"Person {n}",
            "email": f"p{n}@example.com",
            "job_title": "Director",
            **fields,
        }
        for n in range(start, start + number)
    ]


class Clock:
    """Stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        self.slept = 0.0

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.advance(seconds=seconds)

    def advance(self, **duration: float) -> None:
        self.now += timedelta(**duration)


class Website:
    """One site, its contacts, and the organization it writes to."""

    def __init__(self, code: str, clock: Clock, *, org: Org | None = None) -> None:
        self.code = code
        self.clock = clock
        self.org = org or Org(clock=lambda: clock().timestamp())
        self.transport: Transport = InProcess(create_app(self.org))
        self.login_url = "http://127.0.0.1:8089"
        self.mapping: dict[str, Any] = dict(MAPPING)
        self.replication: dict[str, Any] = dict(REPLICATION)
        self.scores: list[dict[str, Any]] = [SCORE]

    @property
    def site(self) -> Site:
        return Site.objects.get(code=self.code)

    def tables(self) -> dict[str, Any]:
        """The site as its configuration file has it."""
        connection = {
            "login_url": self.login_url,
            "flow": "client_credentials",
            "client_id": "3MVG9example",
            "client_secret": "env:SECRET",
        }
        return {
            "display_name": self.code.title(),
            "salesforce": connection,
            "replication": self.replication,
            "mapping": self.mapping,
            "score": self.scores,
        }

    def configure(self, *, mapping: dict[str, Any] | None = None, **replication: object) -> Configured:
        """Apply the site's file with these changes, which stay. `mapping` replaces the whole mapping."""
        self.mapping = mapping if mapping is not None else self.mapping
        self.replication |= replication
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "leadferry.toml"
            file.write_text(tomli_w.dumps({"site": {self.code: self.tables()}}))
            environ = {"SECRET": f"secret of {self.code}"}
            return configure(file, clock=self.clock, environ=environ, transport=self.transport)

    def map(self, **rows: object) -> Configured:
        """Apply the site's file with these rows of the mapping changed or added."""
        return self.configure(mapping=self.mapping | rows)

    def receive(self, *rows: Row) -> Report:
        """Import contacts as the import command does."""
        site, now = self.site, self.clock()
        return import_contacts(site, Rows(rows), now=now, after_chunk=lambda ids: refresh(site, ids, now=now))

    def run(self, **options: Any) -> Run:
        options = {"transport": self.transport, "sleep": self.clock.sleep, **options}
        return replicate(self.site, clock=self.clock, **options)

    def run_later(self, **options: Any) -> Run:
        """A run half a minute later, when every contact that waited for its next try is due again."""
        self.clock.advance(seconds=30)
        return self.run(**options)

    def unblock(self, *keys: str, code: str | None = None) -> int:
        return quarantine.release(self.site, keys=list(keys) or None, code=code, by="test", at=self.clock())

    def break_down(self, kind: str, **details: Any) -> Fault:
        """Have the organization fail; for ever, unless `times` says how often."""
        return self.org.faults.add(kind, **{"times": None, **details})

    def refuse(self, field: str, pattern: str, message: str = "Not like this") -> None:
        """Have a validation rule of the organization refuse leads whose field matches."""
        life.add_rule(self.org, {"name": field, "field": field, "pattern": pattern, "message": message})

    def allow(self, field: str) -> None:
        """Take that validation rule away."""
        life.drop_rule(self.org, {}, field)

    def mend(self) -> None:
        self.org.faults.clear()

    # what is there

    def standing(self, key: str) -> Standing:
        found = standing_of(self.site, key)
        assert found is not None, f"{self.code} has no contact {key}"
        return found

    def statuses(self) -> dict[str, str]:
        """Status by key."""
        return {standing.key: standing.status for standing in standings(self.site)}

    def held(self) -> dict[str, str]:
        """Salesforce's code by the key of who is blocked or invalid."""
        return {s.key: s.code for s in standings(self.site) if s.status in ("blocked", "invalid")}

    def leads(self) -> list[dict[str, Any]]:
        """The organization's leads, oldest first, without those in the recycle bin."""
        return self.org.store.select("Lead", "deleted = 0")

    def lead(self, key: str) -> dict[str, Any]:
        """The one lead of this contact."""
        wanted = external_id(self.code, key)
        found = [lead for lead in self.leads() if lead[KEY_FIELD] == wanted]
        assert len(found) == 1, f"{len(found)} leads of {key}"
        return found[0]

    def has_lead(self, key: str) -> bool:
        wanted = external_id(self.code, key)
        return any(lead[KEY_FIELD] == wanted for lead in self.leads())

    def charged(self) -> list[Logged]:
        """The requests that Salesforce charged for."""
        return [each for each in self.org.log if each.counted]

    def writes(self) -> list[Logged]:
        """The requests that carried contacts, whatever became of them."""
        return [each for each in self.org.log if "/composite" in each.path]

    def events(self, **which: str) -> list[Event]:
        return list(Event.objects.filter(site=self.code, **which).order_by("id"))

    def forget_requests(self) -> None:
        """Count requests from here on."""
        self.org.log.clear()


def agree(websites: Iterable[Website]) -> None:
    """Every lead exists once, and what we know of it is what the organization has, row by row."""
    for website in websites:
        leads = {lead[KEY_FIELD]: lead for lead in website.leads()}
        assert len(leads) == len(website.leads()), "a key with two leads"
        known = {s.external_id: s for s in standings(website.site) if s.lead_id}
        assert known.keys() == leads.keys()
        for key, standing in known.items():
            assert standing.lead_id == leads[key]["Id"]
            if standing.status == "replicated":
                contact = Contact.objects.get(pk=standing.contact_id)
                assert leads[key]["LastName"] == contact.last_name
                assert (leads[key].get("Title") or "") == contact.job_title
