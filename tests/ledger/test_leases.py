"""A claim on a site: one holder, prolonged by its holder alone, free by itself when the holder is gone."""

import threading

import pytest
from django.db import connection

from leadferry.ledger import leases
from leadferry.ledger.leases import ClaimLost
from leadferry.ledger.models import Lease

pytestmark = pytest.mark.django_db

NOON = 1_000_000.0


def test_a_free_site_is_claimed(acme):
    assert leases.claim(acme, "one", now=NOON)


def test_a_claimed_site_is_refused_to_others(acme):
    leases.claim(acme, "one", now=NOON)
    assert not leases.claim(acme, "two", now=NOON + leases.SECONDS)


def test_a_claim_lapses_within_a_minute(acme):
    leases.claim(acme, "one", now=NOON)
    assert leases.SECONDS < 60
    assert leases.claim(acme, "two", now=NOON + 60)


def test_a_renewed_claim_lasts_from_then_on(acme):
    leases.claim(acme, "one", now=NOON)
    leases.renew(acme.pk, "one", now=NOON + 30)
    assert not leases.claim(acme, "two", now=NOON + 60)


def test_a_claim_that_was_taken_over_cannot_be_renewed(acme):
    leases.claim(acme, "one", now=NOON)
    leases.claim(acme, "two", now=NOON + 60)
    with pytest.raises(ClaimLost):
        leases.renew(acme.pk, "one", now=NOON + 61)


def test_a_lapsed_claim_that_nobody_took_may_still_be_renewed(acme):
    leases.claim(acme, "one", now=NOON)
    leases.renew(acme.pk, "one", now=NOON + 300)
    assert Lease.objects.get().expires == NOON + 300 + leases.SECONDS


def test_a_released_site_is_free_at_once(acme):
    leases.claim(acme, "one", now=NOON)
    leases.release(acme.pk, "one")
    assert leases.claim(acme, "two", now=NOON)


def test_nobody_releases_what_another_holds(acme):
    leases.claim(acme, "one", now=NOON)
    leases.release(acme.pk, "two")
    assert not leases.claim(acme, "two", now=NOON)


def test_a_claim_of_one_site_is_none_of_another(acme, globex):
    leases.claim(acme, "one", now=NOON)
    assert leases.claim(globex, "two", now=NOON)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_claim_at_once_one_gets_the_site(acme):
    leases.release(acme.pk, "nobody")
    together, got = threading.Barrier(5), []

    def claim(name: str) -> None:
        try:
            together.wait(timeout=10)
            if leases.claim(acme, name, now=NOON):
                got.append(name)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=(f"owner {number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert Lease.objects.get().owner == got[0]
