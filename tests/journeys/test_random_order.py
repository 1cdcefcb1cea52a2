"""Anything in any order: contacts, edits, faults, kills and runs, compared with a simple model at every step.

LEADFERRY_RANDOM_STORIES sets how many stories are told (default 25).
"""

import os
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from leadferry.core.contact import external_id
from leadferry.ledger.models import Batch, Run
from leadferry.salesforce import Transport
from tests.engine.website import KEY_FIELD, Clock, Website

STORIES = int(os.environ.get("LEADFERRY_RANDOM_STORIES", "25"))
PASSING = (
    "status_420 status_500 status_502 status_503 reset_before reset_after garbage truncated session_expired "
    "daily_limit concurrent_limit lock_row trigger_lock storage_full api_disabled"
).split()
TITLES = ("Director", "Founder", "Intern")
KEYS = st.sampled_from([f"c{number}" for number in range(12)])
NAMES = st.sampled_from(["Ada", "Grace", "", "x" * 90])
COMPANIES = st.sampled_from(["Engines", "Nowhere", "Compilers"])
TITLE_ROWS: tuple[Any, ...] = ("job_title", {"value": "Contact"}, {"template": "{{ contact.company }}!"})


class Killed(BaseException):
    """The process ends here."""


class Deadly:
    """Ends the process at the nth delivery, before or after Salesforce has done the work, if asked to."""

    def __init__(self, inner: Transport) -> None:
        self.inner, self.left, self.after, self.dead = inner, 0, False, False
        self.sent: set[str] = set()

    def request(self, method, url, headers, body):
        if "/composite" not in url:
            return self.inner.request(method, url, headers, body)
        self.left -= 1
        if self.left == 0 and not self.after:
            self._die()
        answer = self.inner.request(method, url, headers, body)
        if self.left == 0:
            self._die()
        return answer

    def _die(self) -> None:
        self.dead = True
        raise Killed

    def deaf(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        """A database wrapper: who is dead writes no more."""
        if self.dead and not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            raise Killed
        return execute(sql, parameters, many, context)


class Story(RuleBasedStateMachine):
    """What a site may live through; `people` is the model: the fields of each contact."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = Clock()
        self.acme = Website("acme", self.clock)
        self.deadly = Deadly(self.acme.transport)
        self.acme.transport = self.deadly
        self.people: dict[str, dict[str, str]] = {}
        self.title: Any = "job_title"
        self.broken = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        self.acme.org.store.close()

    @initialize(size=st.sampled_from([1, 3, 200]))
    def begin(self, size: int) -> None:
        self.acme.configure(batch_size=size)
        self.acme.refuse("Company", "^Nowhere$")

    @rule(key=KEYS, name=NAMES, company=COMPANIES, title=st.sampled_from(TITLES))
    def receive(self, key: str, name: str, company: str, title: str) -> None:
        email = f"{key}@example.com"
        row = {"key": key, "last_name": name, "company": company, "job_title": title, "email": email}
        self.people[key] = row
        self.acme.receive(row)

    @rule(company=COMPANIES)
    def receive_everybody_anew(self, company: str) -> None:
        for row in self.people.values():
            row["company"] = company
        self.acme.receive(*self.people.values())

    @rule(title=st.sampled_from(TITLE_ROWS))
    def edit_the_mapping(self, title: Any) -> None:
        self.title = title
        self.acme.map(Title=title)

    @rule(kind=st.sampled_from(PASSING), times=st.sampled_from([1, 2, None]), late=st.integers(0, 2))
    def break_down(self, kind: str, times: int | None, late: int) -> None:
        self.broken = True
        self.acme.break_down(kind, times=times, after=late, path="/composite")

    @precondition(lambda self: self.broken)
    @rule()
    def mend(self) -> None:
        self.broken = False
        self.acme.mend()

    @rule()
    def unblock(self) -> None:
        self.acme.unblock()

    @rule(limit=st.sampled_from([None, None, 2]))
    def run(self, limit: int | None) -> None:
        before = len(self.acme.writes())
        self.acme.run_later(limit=limit)
        assert len(self.acme.writes()) - before <= 3 * (len(self.people) + 6)

    @rule(at=st.integers(1, 3), after=st.booleans())
    def run_and_be_killed(self, at: int, after: bool) -> None:
        self.deadly.left, self.deadly.after = at, after
        try:
            with connection.execute_wrapper(self.deadly.deaf):
                self.acme.run_later()
        except Killed:
            self.clock.advance(seconds=60)
        self.deadly.left, self.deadly.dead = 0, False

    @rule()
    def all_is_well_in_the_end(self) -> None:
        """The faults over, two runs later every contact is where it belongs."""
        self.acme.mend()
        self.broken = False
        self.acme.run_later()
        run = self.acme.run_later()
        assert run.api_calls == 0 or run.status == "succeeded"
        self._check_everybody()

    def _check_everybody(self) -> None:
        held, leads = self.acme.held(), self._leads()
        for key, row in self.people.items():
            lead = leads.get(external_id("acme", key))
            fault = self._fault(row)
            if fault is None and (self._qualifies(row) or lead):
                assert key not in held
                assert lead is not None, f"{key} is lost"
                assert (lead["LastName"], lead["Company"]) == (row["last_name"], row["company"])
                assert lead["Title"] == self._title(row)
                assert self.acme.standing(key).lead_id == lead["Id"]
            if key in held:
                assert held[key] == fault

    @staticmethod
    def _qualifies(row: dict[str, str]) -> bool:
        return row["job_title"] != "Intern"

    @staticmethod
    def _fault(row: dict[str, str]) -> str | None:
        """The code for which Salesforce refuses the contact, whatever the weather."""
        if not row["last_name"]:
            return "REQUIRED_FIELD_MISSING"
        if len(row["last_name"]) > 80:
            return "STRING_TOO_LONG"
        return "FIELD_CUSTOM_VALIDATION_EXCEPTION" if row["company"] == "Nowhere" else None

    def _title(self, row: dict[str, str]) -> str:
        if self.title == "job_title":
            return row["job_title"]
        return str(self.title.get("value") or f"{row['company']}!")

    def _leads(self) -> dict[str, dict[str, Any]]:
        return {lead[KEY_FIELD]: lead for lead in self.acme.leads()}

    @invariant()
    def no_contact_is_two_leads(self) -> None:
        assert len(self._leads()) == len(self.acme.leads())

    @invariant()
    def every_lead_that_is_told_of_exists(self) -> None:
        ids = {lead["Id"] for lead in self.acme.leads()}
        told = {key: self.acme.standing(key) for key in self.people}
        assert {standing.lead_id for standing in told.values() if standing.lead_id} <= ids

    @invariant()
    def nobody_is_blocked_by_a_passing_fault(self) -> None:
        codes = {"REQUIRED_FIELD_MISSING", "STRING_TOO_LONG", "FIELD_CUSTOM_VALIDATION_EXCEPTION"}
        assert set(self.acme.held().values()) <= codes

    @invariant()
    def nothing_stays_open_after_a_run(self) -> None:
        newest = Run.objects.order_by("-id").first()
        if newest and newest.status != "running":
            assert not Batch.objects.filter(ended_at=None).exists()


@pytest.mark.django_db
def test_any_order_of_events_ends_well():
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=25,
            deadline=None,
            derandomize="LEADFERRY_RANDOM_STORIES" not in os.environ,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )
