"""Calls of the last 24 hours, of a site and of its organization."""

from datetime import timedelta

import pytest

from leadferry.ledger import organizations, spending
from leadferry.ledger.models import Spending
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_calls_add_up(acme):
    for number in (1, 3, -2):
        spending.spend(acme.pk, number, at=NOW)
    assert spending.spent(acme.pk, at=NOW) == 2


def test_calls_of_one_minute_take_one_row(acme):
    for second in range(0, 50, 10):
        spending.spend(acme.pk, 1, at=NOW + timedelta(seconds=second))
    assert Spending.objects.count() == 1


@pytest.mark.parametrize(("minutes", "counted"), [(0, 1), (24 * 60 - 1, 1), (24 * 60, 0)])
def test_a_call_counts_for_a_day(acme, minutes, counted):
    spending.spend(acme.pk, 1, at=NOW)
    assert spending.spent(acme.pk, at=NOW + timedelta(minutes=minutes)) == counted


def test_no_call_takes_no_row(acme):
    spending.spend(acme.pk, 0, at=NOW)
    assert not Spending.objects.exists()


def test_sites_spend_apart(acme, globex):
    spending.spend(acme.pk, 5, at=NOW)
    assert spending.spent(globex.pk, at=NOW) == 0


def test_what_an_answer_told_of_the_organization_is_kept(acme):
    organizations.of(acme)
    spending.learn(acme.pk, used=18, allowed=5000, at=NOW)
    known = organizations.of(acme)
    assert (known.used, known.allowed, known.used_at) == (18, 5000, NOW)
