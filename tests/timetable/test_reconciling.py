"""The task that compares leads with the organization, over a real connection."""

import pytest

from leadferry.engine.tasks import reconciliation
from leadferry.ledger import leases, tasks
from leadferry.ledger.models import Link, Task
from leadferry.ledger.runs import CANCELLED, FAILED, PARTIAL, SKIPPED, SUCCEEDED
from leadferry.ledger.tasks import Kind
from tests.engine.website import ADA, Clock, Website

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def website(org, simulator_url, clock) -> Website:
    """Acme with Ada as a lead."""
    website = Website("acme", clock, org=org)
    website.login_url = simulator_url
    website.configure()
    website.receive(ADA)
    website.run()
    return website


@pytest.fixture
def task(website, clock) -> Task:
    return Task.objects.get(site=website.site, kind=Kind.RECONCILIATION)


def done(task, clock, stop=lambda: False):
    return reconciliation(task, clock, stop)


def forget_lead():
    Link.objects.filter(contact__key="ada").update(lead_id="00Q000000000001AAA")


def test_it_runs_daily_and_repairs_nothing_unless_told(task):
    assert (task.schedule, task.options) == ({"cron": "45 4 * * *"}, {"repair": False})


def test_both_sides_agree(task, clock):
    found = done(task, clock)
    assert (found.result, found.message) == (SUCCEEDED, "1 leads compared in 1 API calls: no difference.")


def test_differences_that_stay_are_told_as_partial(task, clock):
    forget_lead()
    found = done(task, clock)
    assert (found.result, "1 unlinked" in found.message) == (PARTIAL, True)
    assert done(task, clock).result == PARTIAL


def test_differences_are_put_right_where_the_site_wants_that(task, clock):
    forget_lead()
    at = clock()
    tasks.change(task, schedule=task.schedule, start=None, options={"repair": True}, at=at, by="ann")
    assert (done(task, clock).result, done(task, clock).result) == (SUCCEEDED, SUCCEEDED)
    assert Link.objects.get(contact__key="ada").lead_id != "00Q000000000001AAA"


def test_a_site_that_is_being_replicated_is_left_for_the_next_turn(task, clock):
    assert leases.claim(task.site, "a run", now=clock().timestamp())
    assert done(task, clock).result == SKIPPED


def test_a_site_that_sends_nothing_costs_no_call(task, website, clock):
    website.configure(enabled=False)
    website.forget_requests()
    assert done(task, clock).result == SKIPPED
    assert website.charged() == []


def test_it_stops_when_told(task, clock):
    assert done(task, clock, stop=lambda: True).result == CANCELLED


def test_an_organization_that_refuses_is_told(task, website, clock):
    website.login_url = "http://127.0.0.1:9"
    website.configure()
    assert done(task, clock).result == FAILED
