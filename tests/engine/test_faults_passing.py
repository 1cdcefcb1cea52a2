"""Faults that pass by themselves: they block nobody, cost few calls, and the next run carries on."""

import pytest
import urllib3

from leadferry.ledger import organizations
from leadferry.ledger.models import Link
from leadferry.salesforce import Transport
from leadferry.simulator import InProcess, create_app

from .website import ADA, Website, agree, people

pytestmark = pytest.mark.django_db

PASSING = ("status_420", "status_500", "status_502", "status_503", "reset_before", "garbage", "truncated")


@pytest.fixture
def ready(acme: Website) -> Website:
    """Acme with five contacts to send."""
    acme.receive(*people(5))
    acme.forget_requests()
    return acme


def _carried_on(website: Website, number: int = 5) -> None:
    """The fault over, the next run delivers everybody, each once."""
    website.mend()
    run = website.run_later()
    assert run.status == "succeeded"
    assert set(website.statuses().values()) == {"replicated"}
    assert len(website.leads()) == number
    agree([website])


@pytest.mark.fault(
    name="HTTP 420, 500, 502, 503, a page instead of JSON, or a cut answer, once or twice",
    happens="The call is made again after 0.5, 1.5 and 4 seconds; everybody is delivered in the same run.",
    calls="1, and 1 for every failed call that Salesforce charged",
)
@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("kind", PASSING)
def test_a_fault_that_passes_within_seconds_is_waited_out(ready, kind, times):
    ready.break_down(kind, times=times)
    run = ready.run()
    assert (run.status, run.created + run.updated) == ("succeeded", 5)
    assert len(ready.writes()) == 1 + times
    agree([ready])


@pytest.mark.fault(
    name="The same at the sign-in, or while the describe is read",
    happens="It is asked again after 0.5, 1.5 and 4 seconds; everybody is delivered in the same run.",
    calls="1, and 1 for every failed read of the describe that Salesforce charged",
)
@pytest.mark.parametrize("path", ["oauth2/token", "describe"])
@pytest.mark.parametrize("kind", ["status_503", "garbage"])
def test_a_sign_in_or_a_describe_that_fails_at_first_is_asked_for_again(ready, kind, path):
    organizations.mistrust_describe(ready.site)
    ready.transport = InProcess(create_app(ready.org))  # a process that has no token yet
    ready.break_down(kind, times=2, path=path)
    run = ready.run()
    assert (run.status, run.created) == ("succeeded", 5)
    assert ready.clock.slept > 1


@pytest.mark.fault(
    name="HTTP 420, 500, 502, 503, a page instead of JSON, a cut answer or a lost connection, for long",
    happens="The run fails after four calls; everybody is tried again by the next run, nobody is blocked.",
    calls="at most 4 a run",
)
@pytest.mark.parametrize("kind", [*PASSING, "reset_after"])
def test_an_outage_ends_the_run_after_four_calls_and_blocks_nobody(ready, kind):
    ready.configure(batch_size=2)
    ready.break_down(kind)
    run = ready.run()
    assert (run.status, run.blocked, run.retrying) == ("failed", 0, 2)
    assert len(ready.writes()) == 4
    assert ready.clock.slept < 10
    assert ready.held() == {}
    _carried_on(ready)


@pytest.mark.fault(
    name="Outage in the middle of a run",
    happens="What was delivered stays delivered, the run is paused; the next run carries on with the rest.",
    calls="1 a batch, then at most 4",
)
def test_an_outage_in_the_middle_of_a_run_pauses_it(ready):
    ready.configure(batch_size=2)
    ready.break_down("status_503", after=1)
    run = ready.run()
    assert (run.status, run.created) == ("paused", 2)
    assert len(ready.writes()) == 5
    _carried_on(ready)


@pytest.mark.fault(
    name="Outage that outlasts many runs",
    happens="Nobody is blocked, however long it lasts: a fault of the whole call is nobody's try.",
    calls="at most 4 a run",
)
def test_an_outage_of_many_runs_blocks_nobody(ready):
    ready.break_down("status_503")
    assert {ready.run_later().status for _ in range(25)} == {"failed"}
    assert ready.held() == {}
    _carried_on(ready)


@pytest.mark.fault(
    name="Answer lost after Salesforce saved the leads",
    happens="Each lead exists once, with the right id; until an answer comes the contacts are retrying.",
    calls="1 for every lost answer, and 1",
)
@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
def test_a_lost_answer_doubles_nobody(ready, kind):
    ready.break_down(kind)
    ready.run()
    assert set(ready.statuses().values()) == {"retrying"}
    assert len(ready.leads()) == 5
    ready.mend()
    run = ready.run_later()
    assert (run.created, run.updated) == (0, 5)
    agree([ready])


@pytest.mark.fault(
    name="Answer lost, and the contact has fewer points by the next run",
    happens="It is sent all the same, because it may have a lead by now, and a lead is kept up to date.",
    calls="1 more",
)
def test_a_contact_in_doubt_is_sent_again_even_if_it_does_not_qualify_any_more(acme):
    acme.receive(ADA)
    acme.break_down("reset_after")
    acme.run()
    acme.mend()
    acme.receive(ADA | {"job_title": "Intern"})
    assert acme.run_later().updated == 1
    assert acme.standing("ada").lead_id == acme.lead("ada")["Id"]
    assert acme.lead("ada")["Title"] == "Intern"


@pytest.mark.fault(
    name="Answer to an update lost, and the contact set back to what was delivered before",
    happens="It is sent again: nobody knows which values the lead holds.",
    calls="1 more",
)
def test_after_a_lost_answer_the_values_delivered_before_prove_nothing(acme):
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    acme.break_down("reset_after")
    acme.run()
    assert acme.lead("ada")["Company"] == "New Engines"
    acme.mend()
    acme.receive(ADA)
    assert acme.run_later().updated == 1
    assert acme.lead("ada")["Company"] == "Engines"


def test_a_doubt_outlives_a_second_fault_that_saved_nothing(acme):
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    acme.break_down("reset_after")
    acme.run()
    acme.mend()
    acme.break_down("lock_row")
    acme.run_later()
    acme.mend()
    acme.receive(ADA)
    acme.run_later()
    assert acme.lead("ada")["Company"] == "Engines"
    assert acme.standing("ada").status == "replicated"


def test_a_doubt_outlives_a_daily_limit_met_by_the_second_call(acme):
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    acme.break_down("reset_after", times=1)
    acme.break_down("daily_limit", after=1)
    assert acme.run().status == "paused"
    acme.mend()
    acme.receive(ADA)
    acme.run_later()
    assert acme.lead("ada")["Company"] == "Engines"


class Impatient:
    """Gives up waiting for the first answers, which Salesforce nevertheless works out."""

    def __init__(self, inner: Transport, *, times: int) -> None:
        self._inner, self._left = inner, times

    def request(self, method, url, headers, body):
        answer = self._inner.request(method, url, headers, body)
        if "/composite" in url and self._left:
            self._left -= 1
            raise urllib3.exceptions.ReadTimeoutError(None, url, "timed out")
        return answer


@pytest.mark.fault(
    name="Answer that does not come in time",
    happens="As a lost answer: sent again, by key, so that no lead is doubled.",
    calls="1 for every call given up, and 1",
)
def test_an_answer_that_does_not_come_in_time_doubles_nobody(ready):
    ready.transport = Impatient(ready.transport, times=2)
    run = ready.run()
    assert (run.status, run.updated, len(ready.writes()), run.api_calls) == ("succeeded", 5, 3, 3)
    agree([ready])


@pytest.mark.fault(
    name="Slow answers", happens="The run takes longer; nothing is sent twice.", calls="1 a batch"
)
def test_a_slow_answer_is_waited_for(ready):
    ready.break_down("slow", seconds=0.05)
    run = ready.run()
    assert (run.status, run.created, len(ready.writes())) == ("succeeded", 5, 1)


@pytest.mark.fault(
    name="Session expired in the middle of a run (HTTP 401)",
    happens="A new session is asked for and the call made again at once.",
    calls="none more: Salesforce does not charge a refused session",
)
def test_an_expired_session_is_renewed_in_the_middle_of_a_run(ready):
    ready.configure(batch_size=2)
    ready.break_down("session_expired", times=1, after=1)
    run = ready.run()
    assert (run.status, run.created, run.api_calls) == ("succeeded", 5, 3)
    assert len(ready.charged()) == 3


@pytest.mark.fault(
    name="Concurrent request limit",
    happens="Waited out like an outage: 0.5, 1.5 and 4 seconds.",
    calls="1 for every refusal, and 1",
)
def test_the_concurrent_limit_is_waited_out(ready):
    ready.break_down("concurrent_limit", times=2)
    run = ready.run()
    assert (run.status, run.created) == ("succeeded", 5)
    assert 1.5 <= ready.clock.slept <= 2.5


@pytest.mark.fault(
    name="Row lock (UNABLE_TO_LOCK_ROW) that passes",
    happens="The others of the batch are delivered; the locked are sent again one and two seconds later.",
    calls="1 for the second try of all locked contacts together",
)
@pytest.mark.parametrize("kind", ["lock_row", "trigger_lock"])
def test_a_lock_that_passes_is_waited_out_within_the_run(ready, kind):
    ready.break_down(kind, times=2)
    run = ready.run()
    assert (run.status, run.created, run.retrying, len(ready.writes())) == ("succeeded", 5, 0, 2)
    agree([ready])


@pytest.mark.fault(
    name="Row lock that stays",
    happens="The run is partial, the contact retrying; the next run tries it again.",
    calls="2 more a run",
)
@pytest.mark.parametrize("kind", ["lock_row", "trigger_lock"])
def test_a_lock_that_stays_postpones_its_contact_alone(ready, kind):
    ready.break_down(kind, where={"field": "Email", "equals": "p3@example.com"})
    run = ready.run()
    assert (run.status, run.created, run.blocked, run.retrying) == ("partial", 4, 0, 1)
    assert len(ready.writes()) == 3
    assert ready.standing("p00003").status == "retrying"
    _carried_on(ready)


@pytest.mark.fault(
    name="Row lock that stays for twenty runs in a row",
    happens="The contact is blocked, with Salesforce's own code.",
    calls="3 a run",
)
def test_after_twenty_runs_in_a_row_a_locked_contact_is_blocked(acme):
    acme.receive(ADA)
    acme.break_down("lock_row")
    statuses = [(acme.run_later().status, acme.standing("ada").status) for _ in range(20)]
    assert statuses == [("partial", "retrying")] * 19 + [("partial", "blocked")]
    assert acme.standing("ada").code == "UNABLE_TO_LOCK_ROW"
    assert len(acme.events(contact="ada")) == 1


def test_one_run_that_gets_through_starts_the_count_of_runs_anew(acme):
    acme.receive(ADA)
    for _ in range(3):
        acme.break_down("lock_row")
        for _ in range(15):
            acme.run_later()
        acme.mend()
        acme.run_later()
        acme.receive(ADA | {"company": str(acme.clock())})
    assert acme.held() == {}
    assert Link.objects.get().tries == 0


def test_a_postponed_contact_is_due_again_within_seconds(acme):
    acme.receive(ADA)
    acme.break_down("lock_row")
    acme.run()
    acme.mend()
    acme.clock.advance(seconds=6)
    assert acme.run().created == 1


def test_a_postponed_contact_that_does_not_qualify_any_more_is_not_eligible(acme):
    acme.receive(ADA)
    acme.break_down("lock_row")
    acme.run()
    acme.mend()
    acme.receive(ADA | {"job_title": "Intern"})
    run = acme.run_later()
    assert (run.status, run.api_calls) == ("succeeded", 0)
    assert acme.standing("ada").status == "not_eligible"


@pytest.mark.fault(
    name="Two processes create the same lead at once (DUPLICATE_VALUE of the key)",
    happens="Sent once more, which makes it an update; refused again, it is blocked.",
    calls="1 more",
)
def test_a_race_for_the_key_is_tried_once_more(acme):
    message = "duplicate value found: LeadferryId__c duplicates value on record with id: 00Q000000000001"
    acme.receive(ADA)
    acme.break_down("row_error", times=1, code="DUPLICATE_VALUE", message=message)
    assert acme.run().status == "succeeded"
    acme.receive(ADA | {"company": "New"})
    acme.break_down("row_error", code="DUPLICATE_VALUE", message=message)
    assert acme.run().blocked == 1


@pytest.mark.fault(
    name="Packed call (more than 200 contacts) answered in part",
    happens="What is answered is recorded; the rest is sent again.",
    calls="1 more",
)
def test_of_a_packed_call_answered_in_part_only_the_rest_is_sent_again(acme):
    acme.configure(batch_size=1000)
    acme.receive(*people(401))
    acme.forget_requests()
    acme.break_down("json_parser_error", where={"field": "Email", "equals": "p7@example.com"})
    run = acme.run()
    assert (run.status, run.created, run.blocked) == ("partial", 400, 1)
    assert sum(each.rows for each in acme.writes()) <= 401 + 200
    assert acme.held() == {"p00007": "JSON_PARSER_ERROR"}


def test_never_more_than_four_equal_failing_calls_in_a_row(ready):
    ready.configure(batch_size=1)
    for kind in PASSING:
        ready.mend()
        ready.break_down(kind)
        ready.forget_requests()
        ready.run_later()
        assert len(ready.writes()) <= 4


@pytest.mark.fault(
    name="Everything at once: locks, outages and lost answers over many batches",
    happens="Each batch is waited for at most some seconds; nobody is blocked; the run ends.",
    calls="at most 4 a batch, and the second tries",
)
def test_calls_and_waiting_of_a_run_are_bounded_whatever_happens(acme):
    acme.configure(batch_size=10)
    acme.receive(*people(100))
    acme.forget_requests()
    for after in range(0, 40, 5):
        acme.break_down("status_503", times=2, after=after)
        acme.break_down("reset_after", times=1, after=after + 3)
    acme.break_down("lock_row", times=30)
    acme.run()
    assert len(acme.writes()) <= 4 * 10 + 3 * 10
    assert acme.clock.slept < 10 * (0.5 + 1.5 + 4) * 1.25 + 2 * 3
    assert acme.held() == {}
    acme.mend()
    for _ in range(2):
        acme.run_later()
    agree([acme])
    assert len(acme.leads()) == 100
