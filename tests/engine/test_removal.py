"""Contacts that go, and people who are erased."""

import pytest

from leadferry.contacts.models import Contact, Due
from leadferry.engine.removal import remove
from leadferry.ledger import leases
from leadferry.ledger.leases import SiteBusy
from leadferry.ledger.models import Attempt, Link
from leadferry.salesforce import SalesforceError
from leadferry.simulator import life

from .website import ADA, Website, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(acme: Website) -> Website:
    acme.receive(ADA, *people(2))
    acme.run()
    acme.forget_requests()
    return acme


def _remove(website: Website, *keys: str, erase: bool = False):
    contacts = list(Contact.objects.filter(site=website.site, key__in=keys))
    return remove(website.site, contacts, erase=erase, clock=website.clock, transport=website.transport)


def test_a_deleted_contact_leaves_its_lead(known):
    removed = _remove(known, "ada")
    assert (removed.contacts, removed.leads) == (1, 0)
    assert known.has_lead("ada")
    assert "ada" not in known.statuses()
    assert list(known.org.log) == []


def test_of_a_deleted_contact_nothing_is_kept_but_the_event(known):
    contact = Contact.objects.get(key="ada")
    _remove(known, "ada")
    for table in (Link, Attempt, Due):
        assert not table.objects.filter(contact_id=contact.pk).exists()
    assert [event.code for event in known.events(source="contacts")] == ["contact.deleted"]


def test_a_deleted_contact_that_comes_back_takes_over_its_lead(known):
    _remove(known, "ada")
    known.receive(ADA | {"company": "New Engines"})
    run = known.run()
    assert (run.created, run.updated) == (0, 1)


def test_an_erased_person_loses_the_lead_in_one_call(known):
    removed = _remove(known, "ada", "p00000", erase=True)
    assert (removed.contacts, removed.leads, len(known.charged())) == (2, 2, 1)
    assert len(known.leads()) == 1
    assert known.statuses() == {"p00001": "replicated"}


def test_an_erased_person_does_not_come_back_by_import(known):
    _remove(known, "ada", erase=True)
    report = known.receive(ADA, ADA | {"key": "other"}, ADA | {"key": "third", "email": "new@example.com"})
    assert (report.created, report.rejected) == (1, 2)


def test_a_lead_that_is_gone_already_is_no_obstacle_to_erasing(known):
    life.delete(known.org, {}, known.lead("ada")["Id"])
    removed = _remove(known, "ada", erase=True)
    assert (removed.contacts, removed.leads) == (1, 0)


def test_when_leads_cannot_be_deleted_the_contact_stays_to_be_erased_again(known):
    known.break_down("status_503")
    with pytest.raises(SalesforceError):
        _remove(known, "ada", erase=True)
    assert known.standing("ada").status == "replicated"
    known.mend()
    assert _remove(known, "ada", erase=True).leads == 1


def test_a_person_whose_answer_was_lost_is_erased_with_the_lead_nobody_knew_of(acme):
    acme.receive(ADA)
    acme.break_down("reset_after")
    acme.run()
    acme.mend()
    assert acme.has_lead("ada") and not acme.standing("ada").lead_id
    assert _remove(acme, "ada", erase=True).leads == 1
    assert acme.leads() == []


def test_nobody_is_erased_beside_a_run(known):
    leases.claim(known.site, "a run", now=known.clock().timestamp())
    with pytest.raises(SiteBusy):
        _remove(known, "ada", erase=True)
    assert known.has_lead("ada")
    assert _remove(known, "p00000").contacts == 1


def test_erasing_who_was_never_sent_needs_no_organization(acme):
    acme.receive(ADA)
    acme.break_down("status_503")
    acme.forget_requests()
    assert _remove(acme, "ada", erase=True).contacts == 1
    assert list(acme.org.log) == []
