"""Contacts by status, counted in sets, are those that the list of contacts tells one by one."""

from collections import Counter
from datetime import timedelta

import pytest

from leadferry.engine import tally
from leadferry.engine.outlook import outlooks
from leadferry.engine.standing import standings
from leadferry.ledger import tallies
from leadferry.ledger.models import Link, Tally
from leadferry.ledger.spending import spent_by_site
from tests.engine.website import ADA, people


def counted(website):
    return tally.looked_at([website.site], clock=website.clock)[website.site.pk]


def one_by_one(website):
    return Counter(standing.status for standing in standings(website.site))


@pytest.fixture
def as_if_many(monkeypatch):
    """Every number of contacts is too many to be counted at once."""
    monkeypatch.setattr(tally, "FEW", 0)


def test_after_a_run_the_statuses_are_those_of_the_contacts(website):
    assert counted(website).statuses == {"replicated": 4, "blocked": 1, "not_eligible": 2}
    assert counted(website).statuses == one_by_one(website)


def test_changes_that_no_run_has_looked_at_are_counted(website):
    website.receive(ADA | {"company": "Another"}, *people(2, start=3))
    website.unblock("rival")
    assert counted(website).statuses == one_by_one(website)
    assert counted(website).statuses["outdated"] == 1


@pytest.mark.parametrize("state", [3, 6, 7, 8])
def test_every_state_of_a_lead_is_counted_as_it_is_shown(website, state):
    Link.objects.filter(contact__key="ada").update(state=state)
    assert counted(website).statuses == one_by_one(website)


def test_who_was_released_is_no_longer_among_the_causes(website):
    assert counted(website).causes == [["FIELD_CUSTOM_VALIDATION_EXCEPTION", 1]]
    website.unblock("rival")
    assert counted(website).causes == []


def test_sites_are_counted_apart(website, globex):
    assert tally.looked_at([website.site, globex], clock=website.clock)[globex.pk].statuses == {}


def test_many_contacts_are_counted_by_a_worker_once_somebody_looks(website, as_if_many):
    assert tally.looked_at([website.site], clock=website.clock) == {}
    assert tallies.is_wanted()
    tally.count_wanted(clock=website.clock)
    assert not tallies.is_wanted()
    assert counted(website).statuses["replicated"] == 4


def test_a_count_is_kept_until_it_is_stale_and_shown_until_there_is_a_newer_one(website, as_if_many):
    tally.looked_at([website.site], clock=website.clock)
    tally.count_wanted(clock=website.clock)
    first = counted(website).counted_at
    assert not tallies.is_wanted()
    website.clock.now += tally.FRESH + timedelta(seconds=1)
    assert counted(website).counted_at == first
    assert tallies.is_wanted()


def test_a_count_that_took_long_is_good_for_long(website, as_if_many):
    at = website.clock()
    Tally.objects.create(site=website.site, counted_at=at, took=60.0)
    website.clock.now += timedelta(minutes=10)
    counted(website)
    assert not tallies.is_wanted()


def test_two_workers_do_not_count_the_same(website):
    tallies.want([website.site.pk])
    assert tallies.begin() == [website.site]
    assert tallies.begin() == []


def outlook(website):
    tallied = tally.looked_at([website.site], clock=website.clock)
    (found,) = outlooks([website.site], tallied, at=website.clock())
    return found


def test_the_forecast_is_a_call_for_each_batch(website):
    assert outlook(website).sentence() == "Nothing is waiting to be sent."
    website.receive(*people(30, start=3))
    website.configure(batch_size=10)
    found = outlook(website)
    assert (found.waiting, found.calls_needed, found.fits) == (30, 3, True)


def test_the_forecast_warns_when_the_calls_left_are_too_few(website):
    website.configure(
        batch_size=10,
        max_calls_per_day=1 + spent_by_site([website.site.pk], at=website.clock())[website.site.pk],
    )
    website.receive(*people(30, start=3))
    assert outlook(website).fits is False
    assert "only 1 may be spent now" in outlook(website).sentence()
