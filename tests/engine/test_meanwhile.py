"""What happens to a site while a run of it is at work must not get lost."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection

from leadferry.contacts.models import Contact
from leadferry.engine.doctor import examine
from leadferry.engine.removal import remove
from leadferry.engine.survey import PAGE
from leadferry.engine.usage import usage_of
from leadferry.ledger.models import Run

from .website import ADA, BOB, Website, people


def _once(act: Callable[[], object]) -> Callable[[], bool]:
    """Something to be asked whether to stop, which has `act` happen when it is asked the second time."""
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        if len(asked) == 2:
            act()
        return False

    return stop


@contextmanager
def _failing_once(part: str, *, after: int = 0) -> Iterator[None]:
    """The database fails once, when a statement with `part` in it has run `after` times."""
    seen: list[str] = []

    def execute(run: Any, sql: str, *rest: Any) -> Any:
        if part in sql:
            seen.append(sql)
            if len(seen) == after + 1:
                raise OperationalError("database is locked")
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "batch_size"), [(4, 2), (2 * PAGE + 4, 200)])
def test_a_mapping_edited_during_a_run_reaches_every_lead(acme: Website, number: int, batch_size: int):
    acme.receive(*people(number))
    acme.configure(batch_size=batch_size)
    acme.run(stop=_once(lambda: acme.map(Title={"value": "Chief"})))
    acme.run_later()
    assert {lead["Title"] for lead in acme.leads()} == {"Chief"}
    assert len(acme.leads()) == number


@pytest.mark.django_db
def test_a_run_ends_when_its_site_is_switched_off(acme: Website):
    acme.receive(*people(2 * PAGE + 4))
    run = acme.run(stop=_once(lambda: acme.configure(enabled=False)))
    assert (run.status, run.created + run.remaining) == ("paused", 2 * PAGE + 4)
    assert len(acme.leads()) == run.created < 2 * PAGE
    assert run.message.startswith("The settings of the site were changed")


@pytest.mark.django_db
def test_a_second_try_does_not_bring_old_values_back(acme: Website):
    acme.receive(*people(PAGE + 5))
    acme.receive({**ADA, "job_title": "Founder"})
    acme.configure(batch_size=1)
    acme.break_down("lock_row", times=1)
    run = acme.run(limit=PAGE + 4, stop=_once(lambda: acme.receive({**ADA, "job_title": "Director"})))
    acme.run_later()
    assert acme.lead("ada")["Title"] == "Director", run.message
    assert acme.standing("ada").status == "replicated"


@pytest.mark.django_db
def test_a_second_try_makes_no_lead_of_who_was_deleted(acme: Website):
    acme.receive(ADA)
    acme.break_down("lock_row", times=1)

    def sleep(seconds: float) -> None:
        acme.clock.sleep(seconds)
        remove(acme.site, list(Contact.objects.all()), erase=False, clock=acme.clock)

    run = acme.run(sleep=sleep)
    assert (acme.leads(), run.eligible, run.retrying, run.remaining) == ([], 0, 0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("part", "after"), [("INSERT INTO ledger_link", 0), ("INSERT INTO ledger_batch", 1)])
def test_a_write_that_failed_is_counted_once(acme: Website, part: str, after: int):
    acme.receive(*people(4))
    acme.configure(batch_size=2)
    with _failing_once(part, after=after), pytest.raises(OperationalError):
        acme.run()
    run = Run.objects.latest("id")
    assert (run.status, run.created, run.batches, run.api_calls) == ("failed", 2, 1, 1)
    assert sorted(acme.statuses().values()) == ["pending", "pending", "replicated", "replicated"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_database_while_the_describe_is_read(acme: Website):
    inner, held = acme.transport.request, []

    def request(method, url, headers, body):
        held.append(connection.in_atomic_block)
        return inner(method, url, headers, body)

    acme.transport.request = request
    list(examine(acme.site, clock=acme.clock, transport=acme.transport))
    assert held
    assert not any(held)


@pytest.mark.django_db
def test_a_describe_whose_answer_was_lost_counts_as_spent(acme: Website):
    before = usage_of(acme.site, clock=acme.clock)["site_calls"]
    acme.break_down("truncated", times=1)
    list(examine(acme.site, clock=acme.clock, transport=acme.transport))
    assert usage_of(acme.site, clock=acme.clock)["site_calls"] == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_look_that_could_not_be_written_down_is_not_counted(acme: Website):
    acme.receive(BOB)
    with _failing_once("INSERT INTO ledger_attempt"), pytest.raises(OperationalError):
        acme.run()
    run = Run.objects.latest("id")
    assert (run.status, run.eligible, run.invalid, run.remaining) == ("failed", 1, 0, 1)
    assert acme.statuses() == {"bob": "pending"}
