"""A batch: its intent before the call, its outcomes after, each whole or not at all."""

import json

import pytest

from leadferry.contacts.due import mark
from leadferry.core.change import Look
from leadferry.core.outcome import Postponed, Reason, Refused
from leadferry.core.state import Cause, State
from leadferry.ledger import batches, leases, runs, spending
from leadferry.ledger.leases import ClaimLost
from leadferry.ledger.models import Attempt, Batch, Event, Lease, Link, Run
from tests.conftest import NOW

from .ledger_of import LEAD, change, claim, contact, delivered, is_due, link

pytestmark = pytest.mark.django_db

LONG = Reason(code="STRING_TOO_LONG", message="too long", fields=("LastName",))
LOCKED = Postponed(reason=Reason(code="UNABLE_TO_LOCK_ROW", message="locked"))


def _record(of, *, took=(), outcomes=(), calls=1):
    batch_id = batches.intend(of, [each[0] for each in (*took, *outcomes)], at=NOW)
    return batches.record(of, batch_id, delivered=took, outcomes=outcomes, calls=calls, at=NOW)


def test_an_intent_names_the_contacts_and_the_call(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    batches.intend(held, [change(ada)], at=NOW)
    batch = Batch.objects.get()
    assert (json.loads(batch.contacts), batch.size, batch.number, batch.ended_at) == ([ada.pk], 1, 1, None)
    assert spending.spent(acme.pk, at=NOW) == 1


def test_a_delivered_contact_is_linked_and_no_longer_due(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    _record(held, took=[delivered(ada)])
    known = link(ada)
    assert (known.state, known.lead_id, bytes(known.fingerprint), known.replicated_at) == (
        State.REPLICATED,
        LEAD,
        b"new",
        NOW,
    )
    assert not is_due(ada)


def test_a_contact_touched_while_its_batch_was_under_way_stays_due(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    took = [delivered(ada)]
    mark(acme.pk, [ada.pk], int(Cause.CONTACT))
    _record(held, took=took)
    assert is_due(ada) and link(ada).state == State.REPLICATED


def test_a_closed_batch_tells_whose_lead_was_created_and_whose_updated(acme):
    ada, bob, held = contact(acme, "ada"), contact(acme, "bob"), claim(acme)
    _record(held, took=[delivered(ada), delivered(bob, created=False)])
    batch = Batch.objects.get()
    assert json.loads(batch.contacts) == {"created": [ada.pk], "updated": [bob.pk]}
    assert batch.ended_at == NOW
    assert (held.counts.created, held.counts.updated) == (1, 1)


def test_a_refused_contact_is_blocked_with_attempt_and_event(acme):
    bob, held = contact(acme, "bob"), claim(acme)
    _record(held, outcomes=[(change(bob), Refused(reason=LONG))])
    known = link(bob)
    assert (known.state, known.code, known.message, known.fields) == (
        State.BLOCKED,
        "STRING_TOO_LONG",
        "too long",
        "LastName",
    )
    assert Attempt.objects.get().code == "STRING_TOO_LONG"
    event = Event.objects.get(contact="bob")
    assert (event.type, event.code, event.site) == ("error", "STRING_TOO_LONG", "acme")
    assert not is_due(bob)


def test_a_refusal_keeps_what_was_delivered_before(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    _record(held, took=[delivered(ada)])
    _record(held, outcomes=[(change(ada), Refused(reason=LONG))])
    known = link(ada)
    assert (known.state, known.lead_id, bytes(known.fingerprint)) == (State.BLOCKED, LEAD, b"new")


def test_a_delivery_clears_what_was_wrong_before(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    _record(held, outcomes=[(change(ada), Refused(reason=LONG))])
    _record(held, took=[delivered(ada)])
    known = link(ada)
    assert (known.code, known.message, known.fields, known.refused_at, known.tries) == ("", "", "", None, 0)


def test_a_postponed_contact_stays_due_for_later(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    waiting = _record(held, outcomes=[(change(ada), LOCKED)])
    known = link(ada)
    assert (known.state, known.tries, known.tried_in) == (State.RETRYING, 1, held.run.pk)
    assert is_due(ada)
    assert [(each.contact_id, each.tries) for each in waiting] == [(ada.pk, 1)]
    assert held.counts.retrying == 1


def test_two_tries_in_one_run_count_once(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    (again,) = _record(held, outcomes=[(change(ada), LOCKED)])
    _record(held, outcomes=[(again, LOCKED)])
    assert link(ada).tries == 1


def test_a_fault_of_the_whole_call_is_nobodys_try(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    outage = Postponed(reason=Reason(code="TryLater"), counted=False)
    _record(held, outcomes=[(change(ada, tries=19), outage)])
    assert (link(ada).state, link(ada).tries) == (State.RETRYING, 19)


def test_the_twentieth_run_in_a_row_blocks(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    _record(held, outcomes=[(change(ada, tries=19), LOCKED)])
    assert (link(ada).state, link(ada).code) == (State.BLOCKED, "UNABLE_TO_LOCK_ROW")
    assert not is_due(ada)


def test_a_doubt_is_not_ended_by_a_call_that_saved_nothing(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    lost = Postponed(reason=Reason(code="InDoubt"), counted=False, in_doubt=True)
    _record(held, outcomes=[(change(ada), lost)])
    _record(held, outcomes=[(change(ada), LOCKED)])
    assert link(ada).state == State.IN_DOUBT
    _record(held, took=[delivered(ada)])
    assert link(ada).state == State.REPLICATED


def test_what_was_looked_at_and_needs_no_call_is_taken_off_the_list(acme):
    ada, bob, held = contact(acme, "ada"), contact(acme, "bob"), claim(acme)
    _record(held, took=[delivered(ada)])
    mark(acme.pk, [ada.pk], int(Cause.CONTACT))
    looks = [Look(ada.pk, 1, State.OUTDATED), Look(bob.pk, 1, None)]
    batches.settle(held, looks, [(change(bob), LONG)], at=NOW)
    assert link(ada).state == State.OUTDATED
    assert link(bob).state == State.INVALID
    assert not is_due(ada) and not is_due(bob)
    assert held.counts.invalid == 1


def test_the_spending_is_corrected_to_what_was_charged(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    _record(held, took=[delivered(ada)], calls=4)
    assert spending.spent(acme.pk, at=NOW) == 4
    _record(held, outcomes=[(change(ada), LOCKED)], calls=0)
    assert spending.spent(acme.pk, at=NOW) == 4


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_claim_writes_nothing(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    batch_id = batches.intend(held, [change(ada)], at=NOW)
    Lease.objects.update(owner="another")
    with pytest.raises(ClaimLost), batches.held(held, at=NOW):
        batches.record(held, batch_id, delivered=[delivered(ada)], outcomes=[], calls=1, at=NOW)
    assert not Link.objects.exists() and is_due(ada)
    assert Run.objects.get().created == 0


def test_the_counts_of_the_run_are_there_after_every_batch(acme):
    ada, bob, held = contact(acme, "ada"), contact(acme, "bob"), claim(acme)
    _record(held, took=[delivered(ada)])
    assert (Run.objects.get().created, Run.objects.get().batches, Run.objects.get().status) == (
        1,
        1,
        runs.RUNNING,
    )
    _record(held, outcomes=[(change(bob), Refused(reason=LONG))])
    assert (Run.objects.get().created, Run.objects.get().blocked, Run.objects.get().api_calls) == (1, 1, 2)


def test_recording_prolongs_the_claim(acme):
    held = claim(acme)
    leases.renew(acme.pk, held.owner, now=1)
    with batches.held(held, at=NOW):
        _record(held, took=[delivered(contact(acme, "ada"))])
    assert Lease.objects.get().expires == NOW.timestamp() + leases.SECONDS
