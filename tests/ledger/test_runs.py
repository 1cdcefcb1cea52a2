"""Runs: one at a time, closed whatever happens, and what a killed one left is put in order."""

from datetime import timedelta

import pytest

from leadferry.core.state import State
from leadferry.ledger import batches, runs
from leadferry.ledger.leases import ClaimLost
from leadferry.ledger.models import Batch, Event, Lease, Link, Run
from leadferry.ledger.runs import Counts
from tests.conftest import NOW

from .ledger_of import LEAD, change, claim, contact, delivered, is_due, link

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(seconds=60)


def test_a_run_holds_its_site(acme):
    held = claim(acme)
    assert (held.run.status, Lease.objects.get().run_id) == (runs.RUNNING, held.run.pk)
    assert runs.open_run(acme, "another", at=NOW) is None


def test_a_skipped_turn_is_a_run_with_its_event(acme):
    run = runs.skip(acme, at=NOW)
    assert (run.status, run.ended_at) == (runs.SKIPPED, NOW)
    assert Event.objects.get().code == "run.skipped"


@pytest.mark.parametrize(
    ("status", "type_"),
    [
        (runs.SUCCEEDED, "information"),
        (runs.PARTIAL, "warning"),
        (runs.PAUSED, "warning"),
        (runs.CANCELLED, "warning"),
        (runs.FAILED, "error"),
    ],
)
def test_a_closed_run_has_its_counts_one_event_and_a_free_site(acme, status, type_):
    held = claim(acme)
    runs.close_run(held.run, held.owner, Counts(created=3), status=status, message="Well.", at=LATER)
    run = Run.objects.get()
    assert (run.status, run.created, run.ended_at, run.message) == (status, 3, LATER, "Well.")
    event = Event.objects.get()
    assert (event.code, event.type, event.description) == ("run.finished", type_, f"{status}: Well.")
    assert runs.open_run(acme, "another", at=LATER) is not None


def test_a_killed_run_is_closed_by_the_next_one(acme):
    first = claim(acme)
    second = claim(acme, at=LATER, owner="next")
    assert Run.objects.get(pk=first.run.pk).status == runs.FAILED
    assert Run.objects.get(pk=second.run.pk).status == runs.RUNNING
    (event,) = Event.objects.filter(code="run.interrupted")
    assert (event.run, event.type) == (str(first.run.pk), "warning")


def test_contacts_of_a_call_that_was_never_answered_are_in_doubt(acme):
    ada, bob = contact(acme, "ada"), contact(acme, "bob")
    held = claim(acme)
    batch_id = batches.intend(held, [change(ada)], at=NOW)
    batches.record(held, batch_id, delivered=[delivered(ada)], outcomes=[], calls=1, at=NOW)
    batches.intend(held, [change(ada), change(bob)], at=NOW)
    claim(acme, at=LATER, owner="next")
    assert (link(ada).state, link(ada).lead_id, link(bob).state) == (State.IN_DOUBT, LEAD, State.IN_DOUBT)
    assert is_due(bob)
    assert not Batch.objects.filter(ended_at=None).exists()


def test_a_run_that_ends_by_an_error_leaves_its_open_call_in_doubt(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    batches.intend(held, [change(ada)], at=NOW)
    runs.close_run(held.run, held.owner, held.counts, status=runs.FAILED, message="Oops.", at=LATER)
    assert link(ada).state == State.IN_DOUBT
    assert not Batch.objects.filter(ended_at=None).exists()


def test_another_sites_killed_run_is_left_alone(acme, globex):
    theirs = claim(globex)
    batches.intend(theirs, [change(contact(globex, "ada"))], at=NOW)
    claim(acme, at=LATER)
    assert Run.objects.get(pk=theirs.run.pk).status == runs.RUNNING
    assert Batch.objects.get().ended_at is None


def test_a_contact_deleted_between_kill_and_next_run_leaves_nothing_behind(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    batches.intend(held, [change(ada)], at=NOW)
    ada.delete()
    claim(acme, at=LATER, owner="next")
    assert not Link.objects.exists()


def test_who_lost_the_claim_does_not_close_the_run_a_second_time(acme):
    held = claim(acme)
    claim(acme, at=LATER, owner="next")
    with pytest.raises(ClaimLost):
        runs.close_run(held.run, held.owner, Counts(), status=runs.SUCCEEDED, message="Done.", at=LATER)
    assert Run.objects.get(pk=held.run.pk).message.startswith("Interrupted")
