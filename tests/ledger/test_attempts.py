"""The history of one contact, put together from attempts and from the batches that name it."""

from datetime import timedelta

import pytest

from leadferry.contacts.models import Contact
from leadferry.core.outcome import Invalid, Postponed, Reason, Refused
from leadferry.ledger import attempts, batches, runs
from leadferry.ledger.attempts import Answer
from leadferry.ledger.models import Attempt, Batch
from tests.conftest import NOW

from .ledger_of import LEAD, change, claim, contact, delivered

pytestmark = pytest.mark.django_db

LONG = Reason(code="STRING_TOO_LONG", message="too long", fields=("LastName",))
LOCKED = Postponed(reason=Reason(code="UNABLE_TO_LOCK_ROW", message="locked"))
MINUTE = timedelta(minutes=1)


def sent(of, *, took=(), outcomes=(), at=NOW):
    batch_id = batches.intend(of, [each[0] for each in (*took, *outcomes)], at=at)
    batches.record(of, batch_id, delivered=took, outcomes=outcomes, calls=1, at=at)


def closed(of, *, at=NOW):
    runs.close_run(of.run, of.owner, of.counts, status=runs.SUCCEEDED, message="", at=at)


def history(site, of, **limit):
    return [(tried.answer, tried.code) for tried in attempts.of(site, of.pk, **limit)]


def test_nobody_tried_is_an_empty_history(acme):
    assert attempts.of(acme, contact(acme, "ada").pk) == []


def test_a_delivered_contact_was_created_or_updated(acme):
    ada, bob, held = contact(acme, "ada"), contact(acme, "bob"), claim(acme)
    sent(held, took=[delivered(ada), delivered(bob, created=False)])
    (tried,) = attempts.of(acme, ada.pk)
    assert (tried.at, tried.run, tried.answer, tried.code) == (NOW, held.run.pk, Answer.CREATED, "")
    assert history(acme, bob) == [(Answer.UPDATED, "")]


def test_a_refused_contact_has_salesforces_own_text(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    sent(held, outcomes=[(change(ada), Refused(reason=LONG))])
    (tried,) = attempts.of(acme, ada.pk)
    told = {"run": held.run.pk, "answer": "refused", "code": "STRING_TOO_LONG", "message": "too long"}
    assert tried.as_dict() == {"at": NOW} | told


def test_what_was_found_before_sending_belongs_to_its_run(acme):
    ada, held = contact(acme, "ada"), claim(acme, at=NOW + MINUTE)
    batches.settle(held, [], [(change(ada), Invalid(reason=LONG).reason)], at=NOW + MINUTE)
    (tried,) = attempts.of(acme, ada.pk)
    assert (tried.at, tried.run, tried.answer) == (NOW + MINUTE, held.run.pk, Answer.INVALID)


def test_the_newest_comes_first_wherever_it_is_kept(acme):
    ada = contact(acme, "ada")
    first = claim(acme)
    batches.settle(first, [], [(change(ada), LONG)], at=NOW)
    closed(first)
    second = claim(acme, at=NOW + MINUTE)
    sent(second, outcomes=[(change(ada), LOCKED)], at=NOW + MINUTE)
    sent(second, took=[delivered(ada)], at=NOW + 2 * MINUTE)
    closed(second, at=NOW + 2 * MINUTE)
    third = claim(acme, at=NOW + 3 * MINUTE)
    sent(third, took=[delivered(ada, created=False)], at=NOW + 3 * MINUTE)
    whole = [Answer.UPDATED, Answer.CREATED, Answer.POSTPONED, Answer.INVALID]
    assert [answer for answer, _ in history(acme, ada)] == whole
    assert [answer for answer, _ in history(acme, ada, limit=2)] == whole[:2]


def test_no_other_contact_is_taken_for_this_one(acme):
    held = claim(acme)
    crowd = [
        Contact(pk=pk, site=acme, key=f"c{pk}", created=NOW, modified=NOW) for pk in (7, 17, 71, 177, 27)
    ]
    Contact.objects.bulk_create(crowd)
    sent(held, took=[delivered(each) for each in crowd[1:]])
    assert history(acme, crowd[0]) == []
    for place in (1, 2, 4):
        assert history(acme, crowd[place]) == [(Answer.CREATED, "")]


@pytest.mark.parametrize("others", [(), ("bob",), ("bob", "cy")])
def test_a_contact_is_found_in_every_place_of_a_batch(acme, others):
    people = [contact(acme, key) for key in ("ada", *others)]
    held = claim(acme)
    sent(held, took=[(change(each), {"id": LEAD, "created": True}) for each in people])
    assert [history(acme, each) for each in people] == [[(Answer.CREATED, "")]] * len(people)


def test_a_call_whose_answer_is_open_is_no_attempt(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    batches.intend(held, [change(ada)], at=NOW)
    assert attempts.of(acme, ada.pk) == []
    closed(held)
    assert attempts.of(acme, ada.pk) == []


def test_only_the_newest_batches_are_searched(acme, monkeypatch):
    ada, bob, held = contact(acme, "ada"), contact(acme, "bob"), claim(acme)
    sent(held, took=[delivered(ada)])
    for _ in range(3):
        sent(held, took=[delivered(bob)])
    monkeypatch.setattr(attempts, "MOST_SEARCHED", 3)
    assert (len(history(acme, ada)), len(history(acme, bob))) == (0, 3)


def test_an_attempt_whose_batch_is_not_kept_any_more_is_left_out(acme):
    ada, held = contact(acme, "ada"), claim(acme)
    sent(held, outcomes=[(change(ada), Refused(reason=LONG))])
    Batch.objects.all().delete()
    assert Attempt.objects.count() == 1
    assert attempts.of(acme, ada.pk) == []


def test_a_long_history_takes_no_more_queries_than_a_short_one(acme, django_assert_max_num_queries):
    ada, held = contact(acme, "ada"), claim(acme)
    for _ in range(10):
        sent(held, took=[delivered(ada)])
    sent(held, outcomes=[(change(ada), Refused(reason=LONG))])
    with django_assert_max_num_queries(5):
        assert len(attempts.of(acme, ada.pk)) == 11
