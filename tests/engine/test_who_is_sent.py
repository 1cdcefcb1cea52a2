"""Who is sent, in which order, and what keeps a contact away from Salesforce."""

import pytest

from leadferry.contacts.models import Contact
from leadferry.core.contact import external_id
from leadferry.engine.send_now import send_now
from leadferry.simulator import fields

from .website import ADA, BOB, CY, KEY_FIELD, Website, people

pytestmark = pytest.mark.django_db


def test_of_the_cast_only_ada_is_sent(acme):
    acme.receive(ADA, BOB, CY)
    run = acme.run()
    assert (run.status, run.eligible, run.created, run.invalid) == ("partial", 2, 1, 1)
    assert acme.statuses() == {"ada": "replicated", "bob": "invalid", "cy": "not_eligible"}
    assert [lead["Email"] for lead in acme.leads()] == ["ada@example.com"]


def test_a_lead_holds_what_the_mapping_says(acme):
    acme.map(
        Description={"template": "{{ contact.first_name }} of {{ site.display_name }}"},
        LeadSource={"value": "Web"},
        NumberOfEmployees={"special": "score"},
    )
    acme.receive(ADA)
    acme.run()
    lead = acme.lead("ada")
    assert (lead["LastName"], lead["Company"], lead["Title"]) == ("Lovelace", "Engines", "Director")
    assert (lead["Description"], lead["LeadSource"], lead["NumberOfEmployees"]) == ("Ada of Acme", "Web", 50)


def test_a_contact_that_reaches_the_minimum_is_sent(acme):
    acme.receive(CY)
    acme.run()
    acme.receive(CY | {"job_title": "Director"})
    assert acme.run().created == 1
    assert acme.has_lead("cy")


def test_a_replicated_contact_below_the_minimum_keeps_being_updated(acme):
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"job_title": "Retired"})
    assert acme.standing("ada").status == "outdated"
    assert acme.run().updated == 1
    assert acme.lead("ada")["Title"] == "Retired"
    assert acme.standing("ada").status == "replicated"


def test_without_a_score_every_contact_qualifies(acme):
    del acme.replication["score"], acme.replication["minimum_score"]
    acme.configure()
    acme.receive(ADA, CY)
    assert acme.run().created == 2


def test_anonymous_contacts_are_sent_only_if_asked(acme):
    nameless = {"key": "visitor", "job_title": "Director", "custom.nick": "Night owl"}
    acme.map(LastName="custom.nick")
    acme.receive(nameless)
    assert acme.run().eligible == 0
    acme.configure(include_anonymous=True)
    assert acme.run().created == 1
    assert acme.leads()[0]["LastName"] == "Night owl"


def test_the_best_score_goes_first(acme):
    acme.receive(*people(3), *people(2, start=10, job_title="Founder and Director"))
    acme.run(limit=2)
    assert {lead["Title"] for lead in acme.leads()} == {"Founder and Director"}
    acme.run(limit=1)
    assert len(acme.leads()) == 3


def test_a_contact_whose_score_rises_moves_forward(acme):
    acme.receive(*people(5))
    acme.receive(*people(1, start=4, job_title="Founder"))
    acme.run(limit=1)
    assert acme.has_lead("p00004")


def test_with_keep_updated_off_a_contact_is_sent_once(acme):
    acme.configure(keep_updated=False)
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    acme.forget_requests()
    run = acme.run()
    assert (run.status, run.updated, run.api_calls) == ("succeeded", 0, 0)
    assert acme.standing("ada").status == "outdated"
    assert acme.lead("ada")["Company"] == "Engines"


def test_with_keep_updated_off_a_wrong_value_holds_nobody(acme):
    acme.configure(keep_updated=False)
    acme.receive(ADA)
    acme.run()
    acme.receive(ADA | {"last_name": ""})
    assert acme.run().status == "succeeded"
    assert acme.standing("ada").status == "outdated"


def test_switching_keep_updated_on_sends_what_was_held_back(acme):
    acme.configure(keep_updated=False)
    acme.receive(ADA, *people(3))
    acme.run()
    acme.receive(ADA | {"company": "New Engines"})
    acme.run()
    acme.configure(keep_updated=True)
    assert acme.run().updated == 1
    assert acme.lead("ada")["Company"] == "New Engines"


def test_a_cleared_field_is_cleared_in_the_lead(acme):
    acme.receive(ADA | {"business_phone": "+420 1"})
    acme.run()
    assert acme.lead("ada")["Phone"] == "+420 1"
    acme.receive(ADA | {"business_phone": ""})
    assert acme.run().updated == 1
    assert acme.lead("ada").get("Phone") is None


def test_the_external_id_is_made_of_site_and_key_alone(acme, globex):
    for website in (acme, globex):
        website.receive(ADA)
        website.run()
    ours, theirs = (website.leads()[0][KEY_FIELD] for website in (acme, globex))
    assert ours == acme.standing("ada").external_id == external_id("acme", "ada")
    assert ours != theirs
    assert len(ours) == 32 and set(ours) <= set("0123456789abcdef")


def test_an_installation_built_anew_creates_no_second_lead(acme):
    acme.receive(*people(5))
    acme.run()
    acme.site.delete()
    rebuilt = Website("acme", acme.clock, org=acme.org)
    rebuilt.configure()
    rebuilt.receive(*people(5, company="After the move"))
    run = rebuilt.run()
    assert (run.created, run.updated) == (0, 5)
    assert [lead["Company"] for lead in acme.leads()] == ["After the move"] * 5


def test_a_field_that_cannot_be_set_on_create_is_left_out_there(acme):
    fields.put(acme.org, {"name": "Note__c", "createable": False})
    acme.org.log.clear()
    acme.site.organization.delete()
    acme.map(Note__c="notes")
    acme.receive(ADA | {"notes": "first"})
    assert acme.run().created == 1
    assert acme.lead("ada").get("Note__c") is None
    acme.receive(ADA | {"notes": "second"})
    assert acme.run().updated == 1
    assert acme.lead("ada")["Note__c"] == "second"


def test_a_field_that_cannot_be_updated_is_set_once_and_then_left_alone(acme):
    fields.put(acme.org, {"name": "Origin__c", "updateable": False})
    acme.site.organization.delete()
    acme.map(Origin__c="notes")
    acme.receive(ADA | {"notes": "fair"})
    assert acme.run().created == 1
    acme.receive(ADA | {"notes": "shop"})
    run = acme.run()
    assert (run.status, run.unchanged, run.api_calls) == ("succeeded", 1, 0)
    acme.receive(ADA | {"notes": "shop", "company": "New Engines"})
    assert acme.run().updated == 1
    assert (acme.lead("ada")["Origin__c"], acme.lead("ada")["Company"]) == ("fair", "New Engines")


def test_a_site_that_is_not_enabled_sends_nothing_and_says_so(acme):
    acme.configure(enabled=False)
    acme.receive(ADA)
    acme.forget_requests()
    run = acme.run()
    assert (run.status, run.api_calls) == ("failed", 0)
    assert "not enabled" in run.message and "enabled = true" in run.message
    assert list(acme.org.log) == []


def test_each_site_sends_its_own_contacts_only(acme, globex):
    acme.receive(ADA)
    globex.receive(*people(3))
    assert acme.run().created == 1
    assert globex.leads() == []
    assert globex.run().created == 3
    assert len(acme.leads()) == 1


@pytest.mark.parametrize("source", [{"special": "score"}, {"template": "{{ score }}"}])
def test_who_is_put_first_in_line_is_sent_with_its_own_points(acme, source):
    acme.map(AnnualRevenue=source)
    acme.receive(ADA)
    send_now(acme.site, Contact.objects.get(key="ada"), by="test", at=acme.clock())
    acme.run()
    assert acme.lead("ada")["AnnualRevenue"] == 50
