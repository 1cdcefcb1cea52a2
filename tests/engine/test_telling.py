"""What a run tells: statuses of contacts, counts, events, and the reasons for people."""

import pytest
import urllib3

from leadferry.contacts.importing import import_activities
from leadferry.contacts.models import Due
from leadferry.contacts.sources import Rows
from leadferry.engine.doctor import examine
from leadferry.engine.preview import dry_run
from leadferry.engine.standing import standings
from leadferry.engine.why import explained
from leadferry.ledger.models import Batch, Event, Link, Run
from leadferry.scoring.points import refresh
from leadferry.simulator import life

from .website import ADA, BOB, CY, people

pytestmark = pytest.mark.django_db


def test_every_status_is_told(acme):
    acme.configure(on_deleted="suppress")
    acme.refuse("Company", "^Nowhere$")
    for key in ("replicated", "outdated", "converted", "suppressed"):
        acme.receive(ADA | {"key": key})
    acme.run()
    life.convert(acme.org, {}, acme.lead("converted")["Id"])
    life.delete(acme.org, {}, acme.lead("suppressed")["Id"])
    acme.org.change_settings({"deleted_key": "error"})
    acme.receive(*(ADA | {"key": key, "company": "New"} for key in ("converted", "suppressed")))
    acme.break_down("lock_row", where={"field": "Email", "equals": "retrying@example.com"})
    acme.receive(
        ADA | {"key": "retrying", "email": "retrying@example.com"},
        ADA | {"key": "blocked", "company": "Nowhere"},
        BOB | {"key": "invalid"},
        CY | {"key": "not_eligible"},
    )
    acme.run()
    acme.receive(ADA | {"key": "outdated", "company": "New"}, ADA | {"key": "pending"})
    assert acme.statuses() == {status: status for status in acme.statuses()}
    assert len(acme.statuses()) == 9


def test_not_replicated_means_that_no_lead_exists(acme):
    acme.receive(ADA, BOB, CY)
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    assert {s.key for s in standings(acme.site, status="not_replicated")} == {"bob", "cy"}


def test_the_counts_of_a_run_add_up(acme):
    acme.receive(*people(4), BOB, CY)
    acme.run()
    acme.receive(*people(2, company="New"), *people(1, start=2, notes="x"), *people(3, start=10), ADA)
    run = acme.run()
    assert (run.eligible, run.created, run.updated, run.unchanged) == (7, 4, 2, 1)
    assert (run.blocked, run.invalid, run.retrying, run.remaining) == (0, 0, 0, 0)


def test_a_run_ends_with_one_event(acme):
    acme.receive(ADA)
    run = acme.run()
    (event,) = acme.events(code="run.finished")
    assert (event.type, event.run) == ("information", str(run.pk))
    assert event.description == f"succeeded: {run.message}"


def test_the_last_delivery_is_told_with_its_time(acme):
    acme.receive(ADA)
    acme.run()
    delivered = acme.standing("ada").replicated_at
    acme.clock.advance(hours=2)
    acme.receive(ADA | {"notes": "x"})
    acme.run()
    assert acme.standing("ada").replicated_at == delivered
    acme.receive(ADA | {"company": "New"})
    acme.run()
    assert acme.standing("ada").replicated_at == acme.clock()


def test_a_dry_run_tells_what_would_be_sent_and_records_nothing(acme):
    acme.receive(*people(3), BOB, CY)
    acme.run()
    acme.receive(*people(2, company="New"), *people(2, start=10))
    before = _everything()
    acme.forget_requests()
    run = dry_run(acme.site, clock=acme.clock)
    assert (run.created, run.updated, run.batches, run.api_calls, run.pk) == (2, 2, 1, 0, None)
    assert _everything() == before
    assert list(acme.org.log) == []


def test_a_dry_run_finds_what_cannot_pass(acme):
    acme.receive(ADA, BOB)
    run = dry_run(acme.site, clock=acme.clock)
    assert (run.status, run.created, run.invalid, run.eligible) == ("partial", 1, 1, 2)
    assert acme.standing("bob").status == "pending"


def _everything() -> list[object]:
    tables = (Run, Batch, Event, Link, Due)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        (ADA, "It is lead 00Q"),
        (BOB, "Required fields are missing"),
        (CY, "It has 0 points of engagement"),
    ],
)
def test_why_tells_the_reason_in_words(acme, contact, words):
    acme.receive(ADA, BOB, CY)
    acme.run()
    answer = explained(acme.site, str(contact["key"]), at=acme.clock())
    assert words in " ".join(answer.because)
    assert answer.changes


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, "once it has a name or an e-mail"),
        ({"anonymous": "yes", "email": "x@example.com"}, "anonymous = no"),
    ],
)
def test_why_tells_an_anonymous_contact_by_what_it_is_so(acme, record, words):
    acme.receive({"key": "nemo", **record})
    answer = explained(acme.site, "nemo", at=acme.clock())
    assert any(words in change for change in answer.changes), answer.changes


def test_why_of_a_qualified_contact_says_that_the_next_run_sends_it(acme):
    acme.receive(ADA)
    answer = explained(acme.site, "ada", at=acme.clock())
    assert (answer.status, answer.changes) == ("pending", ["The next run sends it."])
    assert "Decision maker: 50 points (once)" in answer.because


def test_nothing_personal_is_written_to_a_log_line(acme, caplog: pytest.LogCaptureFixture):
    caplog.set_level(0)
    acme.receive(ADA, BOB)
    acme.run()
    acme.break_down("status_503")
    acme.receive(ADA | {"company": "New"})
    acme.run()
    assert not [line for line in caplog.messages if "Lovelace" in line or "ada@" in line or "secret" in line]


def test_progress_is_visible_while_the_run_goes_on(acme):
    acme.configure(batch_size=2)
    acme.receive(*people(6))
    seen: list[tuple[str, int]] = []

    def look(execution: object) -> None:
        row = Run.objects.latest("id")
        seen.append((row.status, row.created))

    acme.run(on_progress=look)
    assert seen == [("running", 2), ("running", 4), ("running", 6)]


def test_a_run_asked_to_stop_finishes_its_batch_and_is_cancelled(acme):
    acme.configure(batch_size=2)
    acme.receive(*people(6))
    run = acme.run(stop=iter([False, True]).__next__)
    assert (run.status, run.created, run.remaining) == ("cancelled", 2, 4)
    assert acme.run().created == 4


def test_a_run_asked_to_stop_while_the_host_keeps_silent_is_cancelled(acme):
    class Silent:
        def request(self, method, url, headers, body):
            raise urllib3.exceptions.ReadTimeoutError(None, url, "Read timed out.")

    acme.receive(*people(2))
    acme.transport = Silent()
    run = acme.run(stop=iter([False, True, True]).__next__)
    assert (run.status, run.batches, run.remaining) == ("cancelled", 0, 2)


def test_a_host_that_does_not_answer_is_told_with_what_to_look_at(acme):
    class Closed:
        def request(self, method, url, headers, body):
            raise urllib3.exceptions.NewConnectionError(None, url) from ConnectionRefusedError(111, "refused")

    acme.receive(*people(2))
    acme.transport = Closed()
    assert acme.run().message == (
        "No connection to 127.0.0.1:8089: refused. If it stays, check the address and the network. "
        "The rest goes next time."
    )


def _visited_long_ago(acme):
    """Cy, worth a lead by a visit that stops counting before long."""
    rule = {"name": "Visit", "points": 60, "activity": "page_visit", "valid_for": "1d"}
    acme.scores = [{"name": "engagement", "rule": [rule]}]
    acme.configure()
    acme.receive(CY)
    site, now = acme.site, acme.clock()
    visit = {"key": "cy", "type": "page_visit", "time": now.isoformat()}
    import_activities(site, Rows([visit]), now=now, after_chunk=lambda ids: refresh(site, ids, now=now))


def test_a_dry_run_counts_no_points_that_have_expired(acme):
    _visited_long_ago(acme)
    assert dry_run(acme.site, clock=acme.clock).created == 1
    acme.clock.advance(days=2)
    assert dry_run(acme.site, clock=acme.clock).created == 0


def test_why_counts_no_points_that_have_expired(acme):
    _visited_long_ago(acme)
    assert explained(acme.site, "cy", at=acme.clock()).status == "pending"
    acme.clock.advance(days=2)
    answer = explained(acme.site, "cy", at=acme.clock())
    assert (answer.status, answer.standing.score) == ("not_eligible", 0)


def test_the_doctor_says_that_the_ceiling_is_reached(acme):
    acme.configure(max_calls_per_day=1)
    acme.receive(ADA)
    acme.run()
    found = list(examine(acme.site, clock=acme.clock, transport=acme.transport))[-1]
    assert (found.level, found.check) == ("error", "budget")
    assert "max_calls_per_day" in found.fix
