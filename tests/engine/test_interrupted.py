"""A run that ends at any of its points, as a killed process does: the next one carries on by itself."""

import pytest
from django.db import connection

from leadferry.engine.usage import usage_of
from leadferry.ledger.models import Batch, Run
from leadferry.salesforce import Transport

from .website import ADA, Website, agree, people

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process ends here: nothing after this is carried out."""


class Deadly:
    """Kills the caller at its nth delivery, before or after Salesforce has done the work."""

    def __init__(self, inner: Transport, *, at: int, after: bool) -> None:
        self._inner, self._left, self._after = inner, at, after

    def request(self, method, url, headers, body):
        if "/composite" not in url:
            return self._inner.request(method, url, headers, body)
        self._left -= 1
        if self._left or self._after:
            answer = self._inner.request(method, url, headers, body)
        if not self._left:
            raise Killed
        return answer


def _killed(website: Website, *, at: int, after: bool) -> None:
    """A run that ends at its nth delivery like a killed process: nothing is written down afterwards."""
    whole = website.transport
    website.transport = Deadly(whole, at=at, after=after)

    def deaf(execute, sql, parameters, many, context):
        """Once dead, the process writes no more."""
        if dead and not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            raise Killed
        return execute(sql, parameters, many, context)

    dead: list[bool] = []
    handle = website.transport.request

    def request(method, url, headers, body):
        try:
            return handle(method, url, headers, body)
        except Killed:
            dead.append(True)
            raise

    website.transport.request = request
    try:
        with pytest.raises(Killed), connection.execute_wrapper(deaf):
            website.run()
    finally:
        website.transport = whole
    website.clock.advance(seconds=60)


@pytest.mark.fault(
    name="Process killed (kill -9) at any instant",
    happens="The next run, at most 60 seconds later, carries on; each lead exists once, with its id known.",
    calls="1 for the batch whose answer was not recorded",
)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_run_killed_around_a_call_is_carried_on_by_the_next(acme, at, after):
    acme.configure(batch_size=2)
    acme.receive(*people(6))
    acme.forget_requests()
    _killed(acme, at=at, after=after)
    assert Run.objects.get().status == "running"
    run = acme.run()
    assert run.status == "succeeded"
    assert len(acme.writes()) <= 4
    assert len(acme.leads()) == 6
    assert set(acme.statuses().values()) == {"replicated"}
    agree([acme])


def test_a_killed_run_is_closed_and_told_of_by_the_next(acme):
    acme.receive(*people(2))
    _killed(acme, at=1, after=True)
    acme.run()
    first, second = Run.objects.order_by("id")
    assert (first.status, second.status) == ("failed", "succeeded")
    assert first.message.startswith("Interrupted")
    assert [event.type for event in acme.events(code="run.interrupted")] == ["warning"]
    assert not Batch.objects.filter(ended_at=None).exists()


def test_between_kill_and_next_run_the_contacts_in_doubt_are_not_called_replicated(acme):
    acme.receive(ADA)
    _killed(acme, at=1, after=True)
    assert acme.standing("ada").status == "pending"


def test_a_killed_update_set_back_to_what_was_delivered_before_is_sent_again(acme):
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    _killed(acme, at=1, after=True)
    assert acme.lead("ada")["Company"] == "New Engines"
    acme.receive(ADA)
    acme.run()
    assert acme.lead("ada")["Company"] == "Engines"


def test_a_run_stopped_by_a_second_ctrl_c_leaves_its_contacts_in_doubt(acme):
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    whole = acme.transport
    acme.transport = Interrupting(whole)
    with pytest.raises(KeyboardInterrupt):
        acme.run()
    acme.transport = whole
    assert Run.objects.latest("id").status == "cancelled"
    assert acme.standing("ada").status == "retrying"
    acme.receive(ADA)
    acme.run()
    assert acme.lead("ada")["Company"] == "Engines"


class Interrupting:
    """Lets Salesforce do the work and is then interrupted by hand."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def request(self, method, url, headers, body):
        answer = self._inner.request(method, url, headers, body)
        if "/composite" in url:
            raise KeyboardInterrupt
        return answer


def test_a_killed_run_leaves_the_count_of_calls_not_too_low(acme):
    acme.receive(*people(2))
    _killed(acme, at=1, after=True)
    assert usage_of(acme.site, clock=acme.clock)["site_calls"] == acme.org.used()
