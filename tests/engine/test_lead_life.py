"""What people do to leads in Salesforce, and what a run makes of it."""

import pytest

from leadferry.core.contact import external_id
from leadferry.ledger.models import Link
from leadferry.simulator import life

from .website import ADA, KEY_FIELD, Website, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(acme: Website) -> Website:
    """Acme with Ada as a lead."""
    acme.receive(ADA)
    acme.run()
    acme.forget_requests()
    return acme


def test_a_converted_lead_takes_no_more_updates(known):
    life.convert(known.org, {}, known.lead("ada")["Id"])
    known.receive(ADA | {"company": "New Engines"})
    known.run()
    standing = known.standing("ada")
    assert (standing.status, standing.lead_id) == ("converted", known.lead("ada")["Id"])
    known.receive(ADA | {"company": "Newer Engines"})
    known.forget_requests()
    assert known.run().api_calls == 0
    assert list(known.org.log) == []


def test_a_conversion_is_told_of_and_is_no_error(known):
    life.convert(known.org, {}, known.lead("ada")["Id"])
    known.receive(ADA | {"company": "New Engines"})
    known.run()
    (event,) = known.events(contact="ada")
    assert (event.type, event.code) == ("information", "lead.converted")


def test_a_deleted_lead_is_created_again(known):
    life.delete(known.org, {}, known.lead("ada")["Id"])
    known.receive(ADA | {"company": "New Engines"})
    run = known.run()
    assert (run.status, run.created) == ("succeeded", 1)
    assert known.standing("ada").lead_id == known.lead("ada")["Id"]


def test_a_deleted_lead_that_salesforce_still_finds_by_its_key_is_suppressed_if_asked(known):
    known.configure(on_deleted="suppress")
    known.org.change_settings({"deleted_key": "error"})
    life.delete(known.org, {}, known.lead("ada")["Id"])
    known.receive(ADA | {"company": "New Engines"})
    known.run()
    assert known.standing("ada").status == "suppressed"
    known.receive(ADA | {"company": "Newer Engines"})
    known.forget_requests()
    assert known.run().api_calls == 0
    known.org.change_settings({"deleted_key": "insert"})
    known.configure(on_deleted="create")
    assert known.standing("ada").status == "pending"
    assert known.run().created == 1
    assert known.standing("ada").lead_id == known.lead("ada")["Id"]


def test_a_deleted_lead_that_salesforce_still_finds_by_its_key_is_tried_again(known):
    known.org.change_settings({"deleted_key": "error"})
    life.delete(known.org, {}, known.lead("ada")["Id"])
    known.receive(ADA | {"company": "New Engines"})
    assert known.run().status == "partial"
    assert known.standing("ada").status == "retrying"
    known.org.change_settings({"deleted_key": "insert"})
    assert known.run_later().created == 1


def test_a_deleted_lead_is_made_again_though_the_contact_is_as_it_was(known):
    known.org.change_settings({"deleted_key": "error"})
    life.delete(known.org, {}, known.lead("ada")["Id"])
    known.receive(ADA | {"company": "New Engines"})
    known.run()
    known.receive(ADA)
    known.org.change_settings({"deleted_key": "insert"})
    assert known.run_later().created == 1
    assert known.standing("ada").lead_id == known.lead("ada")["Id"]


def test_several_leads_with_the_key_block_the_contact_and_are_named(known):
    known.org.change_settings({"unique_keys": False})
    lead = known.lead("ada")
    known.org.store.insert("Lead", lead | {"Id": known.org.store.next_id("Lead")})
    ids = [each["Id"] for each in known.leads()]
    known.receive(ADA | {"company": "New Engines"})
    assert known.run().blocked == 1
    standing = known.standing("ada")
    assert standing.code == "DUPLICATE_EXTERNAL_ID"
    assert all(id_ in standing.message for id_ in ids)


def test_a_lead_that_is_there_already_is_taken_over_not_doubled(known):
    Link.objects.all().delete()
    known.receive(ADA | {"company": "New Engines"}, *people(1))
    run = known.run()
    assert (run.created, run.updated) == (1, 1)
    assert [lead[KEY_FIELD] for lead in known.leads()] == [
        external_id("acme", "ada"),
        external_id("acme", "p00000"),
    ]


@pytest.fixture
def assigning(acme: Website) -> Website:
    """Acme whose organization gives new leads to a queue, and where somebody has taken Ada's since."""
    acme.configure(assignment_rule="on")
    acme.org.change_settings({"assignment_owner": life.add_owner(acme.org, {"name": "queue"})["id"]})
    acme.receive(ADA)
    acme.run()
    person = life.add_owner(acme.org, {"name": "person"})["id"]
    assert acme.lead("ada")["OwnerId"] == acme.org.settings.assignment_owner
    acme.org.store.update(acme.lead("ada") | {"OwnerId": person})
    acme.forget_requests()
    return acme


@pytest.mark.parametrize("newcomers", [0, 1, 199])
def test_an_assignment_rule_gives_out_new_leads_and_leaves_the_others_with_their_owner(assigning, newcomers):
    owner = assigning.lead("ada")["OwnerId"]
    assigning.receive(ADA | {"company": "New Engines"}, *people(newcomers))
    run = assigning.run()
    assert (run.created, run.updated, run.api_calls) == (newcomers, 1, 1)
    assert (assigning.lead("ada")["OwnerId"], assigning.lead("ada")["Company"]) == (owner, "New Engines")
    fresh = {assigning.lead(f"p{number:05d}")["OwnerId"] for number in range(newcomers)}
    assert fresh <= {assigning.org.settings.assignment_owner}
