"""Two runs of one site never overlap; two sites never wait for each other; a dead run is soon free."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from leadferry.engine import heartbeat
from leadferry.ledger import leases
from leadferry.ledger.leases import ClaimLost
from leadferry.ledger.models import Attempt, Lease, Link, Run

from .website import ADA, Website, agree, people


def _during_first_call(website: Website, act: Callable[[], object]) -> None:
    """Have `act` happen while Salesforce works on the website's first delivery."""
    inner = website.transport.request
    done: list[bool] = []

    def request(method, url, headers, body):
        if "/composite" in url and not done:
            done.append(True)
            act()
        return inner(method, url, headers, body)

    website.transport.request = request


@pytest.mark.django_db
def test_a_second_run_of_the_site_is_skipped(acme):
    acme.receive(*people(3))
    found: list[Run] = []
    _during_first_call(acme, lambda: found.append(acme.run()))
    run = acme.run()
    assert (run.status, run.created) == ("succeeded", 3)
    (second,) = found
    assert (second.status, second.message) == ("skipped", "Another run of this site is in progress.")
    assert len(acme.writes()) == 1
    assert [event.code for event in acme.events()][-3:] == ["run.skipped", "batch.delivered", "run.finished"]


@pytest.mark.django_db
def test_another_site_is_not_skipped(acme, globex):
    acme.receive(*people(3))
    globex.receive(*people(3))
    found: list[Run] = []
    _during_first_call(acme, lambda: found.append(globex.run()))
    assert acme.run().status == "succeeded"
    assert found[0].status == "succeeded"


@pytest.mark.django_db
def test_a_killed_runs_site_is_free_within_60_seconds(acme):
    acme.receive(*people(3))
    assert leases.claim(acme.site, "dead", now=acme.clock().timestamp())
    assert acme.run().status == "skipped"
    acme.clock.advance(seconds=60)
    assert acme.run().status == "succeeded"


@pytest.mark.django_db
def test_a_run_that_lost_its_claim_records_nothing(acme):
    acme.configure(batch_size=2)
    acme.receive(*people(4))

    def usurp() -> None:
        Lease.objects.update(owner="another process")

    _during_first_call(acme, usurp)
    with pytest.raises(ClaimLost):
        acme.run()
    assert not Link.objects.exists() and not Attempt.objects.exists()
    assert len(acme.writes()) == 1


@pytest.mark.django_db
def test_a_run_that_took_over_carries_on_and_nobody_is_doubled(acme):
    acme.configure(batch_size=2)
    acme.receive(*people(4))
    taken: list[Run] = []

    def take_over() -> None:
        acme.clock.advance(seconds=60)
        taken.append(acme.run())

    _during_first_call(acme, take_over)
    with pytest.raises(ClaimLost):
        acme.run()
    assert taken[0].status == "succeeded"
    assert [run.status for run in Run.objects.order_by("id")] == ["failed", "succeeded"]
    assert len(acme.events(code="run.interrupted")) == 1
    agree([acme])


@pytest.mark.django_db
def test_a_contact_that_changes_while_its_batch_is_under_way_stays_due(acme):
    acme.receive(ADA)
    _during_first_call(acme, lambda: acme.receive(ADA | {"company": "New Engines"}))
    acme.run()
    assert acme.standing("ada").status == "outdated"
    assert acme.run().updated == 1
    assert acme.lead("ada")["Company"] == "New Engines"


@pytest.mark.django_db(transaction=True)
def test_a_live_run_keeps_its_claim_however_long_a_call_takes(acme, monkeypatch):
    monkeypatch.setattr(heartbeat, "SECONDS", 0.01)
    acme.receive(ADA)
    others: list[str] = []
    beaten = threading.Event()

    def wait_long() -> None:
        for _ in range(4):
            acme.clock.advance(seconds=25)
            _wait_for_beat(acme)
            others.append(acme.run().status)
        beaten.set()

    _during_first_call(acme, wait_long)
    assert acme.run().status == "succeeded"
    assert beaten.is_set() and others == ["skipped"] * 4


def _wait_for_beat(website: Website) -> None:
    """Returns when the heartbeat has seen the clock; fails when it does not within five seconds."""
    wanted = website.clock().timestamp() + leases.SECONDS
    pause = threading.Event()
    for _ in range(500):
        if Lease.objects.get(site=website.site).expires >= wanted:
            return
        pause.wait(0.01)
    raise AssertionError("the heartbeat stopped")


@pytest.mark.django_db(transaction=True)
def test_a_heart_that_finds_the_claim_lost_stops_beating(acme, monkeypatch):
    monkeypatch.setattr(heartbeat, "SECONDS", 0.01)
    site = acme.site
    leases.claim(site, "ours", now=acme.clock().timestamp())
    with heartbeat.beating(site.pk, "ours", clock=acme.clock):
        Lease.objects.update(owner="theirs", expires=1)
        threading.Event().wait(0.05)
        assert not [thread for thread in threading.enumerate() if thread.name == "leadferry-heartbeat"]
    assert Lease.objects.get().expires == 1


@pytest.mark.django_db(transaction=True)
def test_sites_side_by_side_deliver_their_own_and_disturb_nobody(acme, globex):
    for website in (acme, globex):
        website.configure(batch_size=5)
        website.receive(*people(30))
    together = threading.Barrier(2)
    runs: dict[str, Run] = {}

    def deliver(website: Website) -> None:
        try:
            together.wait(timeout=10)
            runs[website.code] = website.run()
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver, args=(website,)) for website in (acme, globex)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {code: (run.status, run.created) for code, run in runs.items()} == {
        "acme": ("succeeded", 30),
        "globex": ("succeeded", 30),
    }
    agree([acme, globex])


@pytest.mark.django_db(transaction=True)
def test_of_many_runs_started_at_once_one_delivers(acme):
    acme.receive(*people(20))
    acme.break_down("slow", seconds=0.3)
    together, statuses = threading.Barrier(4), []

    def deliver() -> None:
        try:
            together.wait(timeout=10)
            statuses.append(acme.run().status)
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == ["skipped"] * 3 + ["succeeded"]
    assert len(acme.writes()) == 1
    agree([acme])
