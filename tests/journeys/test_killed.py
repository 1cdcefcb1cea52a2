"""Processes killed with kill -9 at many instants: nothing is lost, nothing doubled, all is carried on."""

import random
import time

import pytest

from tests.engine.website import people

from .installation import Installation, after, agree, kill

DELIVERY = "/composite/sobjects"


def _struck(installation: Installation, fault_hits: int) -> bool:
    return any(fault.hits >= fault_hits for fault in installation.org.faults.all())


@pytest.mark.parametrize("call", [1, 2, 4])
def test_a_run_killed_while_salesforce_works_is_carried_on(installation, call):
    installation.receive(people(20))
    installation.org.faults.add("slow", times=None, seconds=0.15, path=DELIVERY)
    process = installation.start("run", "acme")
    assert kill(process, lambda: _struck(installation, call))
    installation.org.faults.clear()
    time.sleep(0.2)  # the organization finishes what it had begun
    run = installation.run()
    assert run["status"] == "succeeded"
    assert run["created"] + run["updated"] <= 20 - 5 * (call - 2)
    agree(installation)


def test_a_run_killed_at_any_instant_is_carried_on(installation):
    chance = random.Random(20261123)
    killed = 0
    for number in range(6):
        installation.receive(people(20, start=10 * number, company=f"Round {number}"))
        process = installation.start("run", "acme")
        killed += kill(process, after(chance.uniform(0.15, 0.45)))
        assert installation.run()["status"] == "succeeded"
        agree(installation)
    assert killed > 0
    statuses = {status for (status,) in installation.ask("SELECT status FROM ledger_run")}
    assert statuses <= {"succeeded", "failed"}


def test_an_import_killed_at_any_instant_is_made_whole_by_the_next(installation):
    chance = random.Random(20261124)
    rows = people(4000)
    file = installation.written(rows)
    for _ in range(4):
        kill(installation.start("import", "acme", str(file)), after(chance.uniform(0.2, 0.5)))
        ((contacts, due),) = installation.ask(
            "SELECT (SELECT count(*) FROM contacts_contact), (SELECT count(*) FROM contacts_due)"
        )
        assert contacts == due and contacts % 1000 == 0
    installation.command("import", "acme", str(file))
    ((contacts, due, points),) = installation.ask(
        "SELECT (SELECT count(*) FROM contacts_contact), (SELECT count(*) FROM contacts_due), "
        "(SELECT sum(points) FROM scoring_total)"
    )
    assert (contacts, due, points) == (4000, 4000, 4000 * 50)


def test_a_recalculation_killed_at_any_instant_is_made_whole_by_the_next(installation):
    chance = random.Random(20261125)
    installation.receive(people(2000))
    for _ in range(4):
        installation.ask("UPDATE scoring_total SET points = 7")
        kill(installation.start("score", "acme"), after(chance.uniform(0.15, 0.4)))
        installation.command("score", "acme")
        assert installation.ask("SELECT DISTINCT points FROM scoring_total") == [(50,)]


def test_a_run_asked_to_end_finishes_its_batch_and_says_cancelled(installation):
    installation.receive(people(20))
    installation.org.faults.add("slow", times=None, seconds=0.15, path=DELIVERY)
    process = installation.start("run", "acme")
    end = after(20)
    while not _struck(installation, 1) and not end():
        time.sleep(0.002)
    process.terminate()
    assert process.wait() == 12
    ((status, created),) = installation.ask("SELECT status, created FROM ledger_run")
    assert (status, created % 5) == ("cancelled", 0)
    installation.org.faults.clear()
    assert installation.run()["status"] == "succeeded"
    agree(installation)
