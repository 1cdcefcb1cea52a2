"""Letting blocked contacts go: one, all, by cause, or because the organization changed."""

import pytest

from leadferry.contacts.models import Due
from leadferry.core.outcome import Reason, Refused
from leadferry.core.state import Cause
from leadferry.ledger import batches, quarantine
from leadferry.ledger.models import Event
from tests.conftest import NOW

from .ledger_of import change, claim, contact, is_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(acme):
    """Ada blocked over LastName, Bob over Email."""
    ada, bob, run = contact(acme, "ada"), contact(acme, "bob"), claim(acme)
    refused = [
        (change(ada), Refused(reason=Reason(code="STRING_TOO_LONG", fields=("LastName",)))),
        (change(bob), Refused(reason=Reason(code="INVALID_EMAIL_ADDRESS", fields=("Email",)))),
    ]
    batch_id = batches.intend(run, [each for each, _ in refused], at=NOW)
    batches.record(run, batch_id, delivered=[], outcomes=refused, calls=1, at=NOW)
    return {"ada": ada, "bob": bob}


def _due(held) -> list[str]:
    return [key for key, each in held.items() if is_due(each)]


@pytest.mark.parametrize(
    ("which", "released"),
    [
        ({}, ["ada", "bob"]),
        ({"keys": ["ada"]}, ["ada"]),
        ({"code": "INVALID_EMAIL_ADDRESS"}, ["bob"]),
        ({"keys": ["ada"], "code": "INVALID_EMAIL_ADDRESS"}, []),
        ({"keys": []}, []),
        ({"keys": ["cy"]}, []),
    ],
)
def test_release_lets_go_of_just_those_that_are_meant(acme, held, which, released):
    assert quarantine.release(acme, by="eve", at=NOW, **which) == len(released)
    assert _due(held) == released


def test_a_release_is_marked_as_such_and_told_with_who_did_it(acme, held):
    quarantine.release(acme, keys=["ada"], by="eve", at=NOW)
    assert Due.objects.get(contact=held["ada"]).causes == Cause.UNBLOCKED
    event = Event.objects.get(code="contact.released")
    assert (event.user, event.site) == ("eve", "acme")


def test_who_was_released_before_is_not_counted_again(acme, held):
    assert quarantine.release(acme, keys=["ada"], by="eve", at=NOW) == 1
    assert quarantine.release(acme, by="eve", at=NOW) == 1
    assert quarantine.release(acme, by="eve", at=NOW) == 0
    assert quarantine.keys_not_held(acme, ["ada"]) == ["ada"]


def test_releasing_nobody_is_not_told_of(acme, held):
    quarantine.release(acme, keys=["cy"], by="eve", at=NOW)
    assert not Event.objects.filter(code="contact.released").exists()


def test_another_sites_contacts_are_not_released(held, globex):
    assert quarantine.release(globex, by="eve", at=NOW) == 0
    assert _due(held) == []


@pytest.mark.parametrize(
    ("changed", "released"), [({"LastName"}, ["ada"]), ({"email"}, ["bob"]), ({"Phone"}, []), (set(), [])]
)
def test_a_changed_field_releases_those_it_held_back(acme, held, changed, released):
    assert quarantine.release_described(acme, changed, at=NOW) == len(released)
    assert _due(held) == released


def test_who_is_not_held_can_be_named(acme, held):
    contact(acme, "cy")
    assert quarantine.keys_not_held(acme, ["ada", "cy", "nobody"]) == ["cy"]
