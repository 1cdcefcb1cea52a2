"""The organization's allowance and the site's ceiling: a run stops before it would cross either."""

import pytest

from .website import Website, agree, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(acme: Website) -> Website:
    """Acme with ten contacts, one in a batch."""
    acme.configure(batch_size=1)
    acme.receive(*people(10))
    acme.forget_requests()
    return acme


@pytest.mark.fault(
    name="Daily limit of the organization reached (REQUEST_LIMIT_EXCEEDED)",
    happens="The run is paused, nobody is blocked; the next run carries on when calls are free again.",
    calls="the one that showed it, which Salesforce does not charge",
)
def test_the_daily_limit_pauses_the_run(ready):
    ready.break_down("daily_limit", after=3)
    run = ready.run()
    assert (run.status, run.created, run.blocked, run.remaining) == ("paused", 3, 0, 7)
    assert len(ready.writes()) == 4
    assert set(ready.statuses().values()) == {"replicated", "pending"}
    ready.mend()
    assert ready.run_later().created == 7
    agree([ready])


@pytest.mark.fault(
    name="Reserve for everyone else in the organization would be crossed",
    happens="The run is paused before the call; the next run carries on when calls are free again.",
    calls="none",
)
def test_the_reserve_for_others_is_never_touched(ready):
    ready.org.change_settings({"daily_limit": 100})
    ready.configure(api_reserve_percent=20)
    _others_spend(ready, 80 - 4 - ready.org.used())
    statuses = [ready.run_later().status for _ in range(3)]
    assert statuses == ["paused"] * 3
    assert ready.org.used() == 80
    assert len(ready.leads()) == 4


def _others_spend(website: Website, calls: int) -> None:
    website.org.store.spend(int(website.org.seconds() // 60), calls=calls)


def test_a_paused_run_resumes_when_calls_are_free_again(ready):
    ready.org.change_settings({"daily_limit": 100})
    _others_spend(ready, 76 - ready.org.used())
    assert ready.run().status == "paused"
    ready.clock.advance(hours=25)
    assert ready.run().status == "succeeded"
    assert len(ready.leads()) == 10


@pytest.mark.parametrize("ceiling", [0, 1, 4])
def test_the_ceiling_of_the_site_is_used_up_and_never_crossed(ready, ceiling):
    spent = ready.org.used()
    ready.configure(max_calls_per_day=spent + ceiling)
    run = ready.run()
    assert (run.status, run.created, run.api_calls) == ("paused", ceiling, ceiling)
    assert [ready.run_later().created for _ in range(3)] == [0, 0, 0]
    assert len(ready.writes()) == ceiling
    assert str(spent + ceiling) in run.message


def test_the_ceiling_counts_the_last_24_hours(ready):
    ready.configure(max_calls_per_day=4)
    delivered = []
    for _ in range(4):
        delivered.append(ready.run().created)
        ready.clock.advance(hours=24, minutes=1)
    assert delivered == [3, 4, 3, 0]


def test_a_ceiling_exactly_as_high_as_needed_lets_the_run_finish(ready):
    ready.configure(max_calls_per_day=ready.org.used() + 10)
    assert ready.run().status == "succeeded"


def test_calls_made_while_searching_a_culprit_count_against_the_ceiling(ready):
    spent = ready.org.used()
    ready.configure(batch_size=10, max_calls_per_day=spent + 3)
    ready.break_down("json_parser_error", where={"field": "Email", "equals": "p9@example.com"})
    run = ready.run()
    assert (run.status, run.api_calls) == ("paused", 3)
    assert len(ready.charged()) == 3
    ready.configure(max_calls_per_day=1000)
    ready.run_later()
    assert ready.held() == {"p00009": "JSON_PARSER_ERROR"}
    agree([ready])


def test_a_pause_keeps_what_the_batch_was_told_before_it(ready):
    spent = ready.org.used()
    ready.configure(batch_size=10, max_calls_per_day=spent + 3)
    ready.break_down("json_parser_error", where={"field": "Email", "equals": "p9@example.com"})
    ready.run()
    agree([ready])


def test_another_sites_spending_does_not_count_against_the_ceiling(ready, globex):
    globex.receive(*people(10))
    globex.configure(batch_size=1)
    globex.run()
    ready.configure(max_calls_per_day=ready.org.used() + 10)
    assert ready.run().status == "succeeded"


def test_a_pause_says_which_bound_it_met(ready):
    ready.org.change_settings({"daily_limit": 100})
    _others_spend(ready, 80)
    ready.run()
    run = ready.run_later()
    assert "reserved for others" in run.message
    assert run.message.count("next time") == 1
    assert [event.type for event in ready.events(code="run.finished", run=str(run.pk))] == ["warning"]


def test_a_limit_met_by_the_second_tries_counts_everybody_once(ready):
    ready.configure(batch_size=10)
    ready.break_down("lock_row", times=2)
    ready.break_down("daily_limit", after=1)
    run = ready.run()
    assert (run.status, run.eligible, run.created, run.retrying + run.remaining) == ("paused", 10, 8, 2)
    ready.mend()
    assert ready.run_later().created == 2
