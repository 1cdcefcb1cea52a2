"""How many API calls a run costs: one a batch, and none without need."""

import math

import pytest

from leadferry.engine.usage import usage_of

from .website import ADA, BOB, CY, Website, people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("size", "number"), [(1, 3), (7, 22), (7, 21), (200, 200), (200, 201), (201, 403), (1000, 1001)]
)
def test_due_contacts_cost_one_call_a_batch(acme, size, number):
    acme.configure(batch_size=size)
    acme.receive(*people(number))
    acme.forget_requests()
    run = acme.run()
    assert (run.status, run.created) == ("succeeded", number)
    assert len(acme.charged()) == run.api_calls == run.batches == math.ceil(number / size)
    assert len(acme.leads()) == number


@pytest.mark.parametrize("size", [1, 7, 200, 1000])
def test_refused_contacts_cost_no_call_of_their_own(acme, size):
    acme.configure(batch_size=size)
    acme.refuse("Email", "3@")
    acme.receive(*people(20))
    acme.forget_requests()
    run = acme.run()
    assert (run.status, run.created, run.blocked) == ("partial", 18, 2)
    assert len(acme.charged()) == run.api_calls == math.ceil(20 / size)


def test_a_run_with_nothing_due_costs_no_call(acme):
    acme.receive(ADA)
    acme.run()
    acme.forget_requests()
    run = acme.run()
    assert (run.status, run.eligible, run.api_calls) == ("succeeded", 0, 0)
    assert list(acme.org.log) == []


def test_a_run_of_a_site_without_contacts_costs_no_call(acme):
    run = acme.run()
    assert (run.status, run.api_calls, len(acme.org.log)) == ("succeeded", 0, 0)


def test_contacts_that_do_not_qualify_cost_no_call(acme):
    acme.receive(CY)
    assert acme.run().api_calls == 0
    assert list(acme.org.log) == []


def test_contacts_that_cannot_pass_cost_no_call(acme):
    acme.receive(BOB)
    run = acme.run()
    assert (run.status, run.invalid, run.api_calls, run.batches) == ("partial", 1, 0, 0)
    assert list(acme.org.log) == []


def test_the_describe_is_read_when_a_site_is_applied_and_kept(clock, sites):
    website = Website("initech", clock)
    sites.append(website)
    website.configure()
    assert [each.path.rpartition("/")[2] for each in website.charged()] == ["describe"]
    website.receive(ADA)
    website.forget_requests()
    assert website.run().api_calls == 1
    assert len(website.charged()) == 1


def test_applying_again_does_not_read_the_describe_again(acme):
    acme.map(Fax="fax")
    assert acme.charged() == []


def test_only_a_run_without_describe_spends_one_call_more(clock, sites):
    website = Website("initech", clock)
    sites.append(website)
    website.break_down("status_503")
    assert "could not be read" in website.configure().warnings[0]
    website.mend()
    website.receive(ADA)
    website.forget_requests()
    assert website.run().api_calls == 2
    website.receive(*people(3))
    website.forget_requests()
    assert website.run().api_calls == 1


def test_an_unchanged_contact_is_not_sent_again(acme):
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"notes": "calls back on Monday"})
    acme.forget_requests()
    run = acme.run()
    assert (run.status, run.unchanged, run.updated, run.api_calls) == ("succeeded", 1, 0, 0)
    assert list(acme.org.log) == []


def test_importing_the_same_contacts_again_sends_nothing(acme):
    acme.receive(*people(5))
    acme.run()
    acme.receive(*people(5))
    assert acme.run().api_calls == 0


def test_a_mapping_edit_sends_again_just_the_leads_it_alters(acme):
    acme.receive(*people(10), *people(3, start=10, fax="123"))
    acme.run()
    acme.forget_requests()
    acme.map(Fax="fax")
    run = acme.run()
    assert (run.updated, run.unchanged, run.api_calls) == (3, 10, 1)
    assert [each.rows for each in acme.writes()] == [3]


def test_a_mapping_edit_that_alters_nothing_sends_nothing(acme):
    acme.receive(*people(10))
    acme.run()
    acme.forget_requests()
    acme.map(Title={"field": "job_title", "overflow": "truncate"})
    assert acme.run().api_calls == 0


def test_a_changed_contact_is_sent_with_the_others_in_one_call(acme):
    acme.receive(*people(5))
    acme.run()
    acme.receive(*people(2, company="New"), *people(2, start=5))
    acme.forget_requests()
    run = acme.run()
    assert (run.created, run.updated, run.api_calls) == (2, 2, 1)


def test_a_run_with_a_limit_sends_no_more_than_that(acme):
    acme.receive(*people(5))
    run = acme.run(limit=3)
    assert (run.created, run.remaining) == (3, 2)
    assert len(acme.leads()) == 3


def test_usage_of_the_site_is_what_salesforce_charged(acme):
    acme.receive(*people(5))
    acme.run()
    told = usage_of(acme.site, clock=acme.clock)
    assert told["site_calls"] == acme.org.used()
    assert told["used"] == acme.org.used()
