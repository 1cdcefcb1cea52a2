"""Refused contacts: they stop nobody, they are told of, and they wait for a change."""

import pytest

from leadferry.contacts.models import Contact
from leadferry.scoring.recalculation import recalculate
from leadferry.simulator import fields

from .website import ADA, BOB, Website, people

pytestmark = pytest.mark.django_db

SHY = ADA | {"key": "shy", "company": "Nowhere"}


@pytest.fixture
def strict(acme: Website) -> Website:
    """Acme, whose organization refuses companies called Nowhere."""
    acme.refuse("Company", "^Nowhere$", "Nowhere is not a company")
    return acme


@pytest.fixture
def shy(strict: Website) -> Website:
    """Acme with a contact that is blocked."""
    strict.receive(SHY)
    strict.run()
    assert strict.standing("shy").status == "blocked"
    strict.forget_requests()
    return strict


def test_a_refused_contact_does_not_stop_its_batch(strict):
    strict.receive(*people(3), SHY, *people(3, start=3))
    run = strict.run()
    assert (run.status, run.created, run.blocked, run.api_calls) == ("partial", 6, 1, 1)


def test_a_contact_that_cannot_pass_does_not_stop_its_batch(acme):
    acme.receive(*people(3), BOB, *people(3, start=3))
    run = acme.run()
    assert (run.status, run.created, run.invalid, run.api_calls) == ("partial", 6, 1, 1)


def test_a_blocked_contact_says_why_in_salesforces_words(shy):
    standing = shy.standing("shy").as_dict()
    assert standing["reason"] == {
        "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "message": "Nowhere is not a company",
        "fields": ["Company"],
    }
    assert standing["blocked_at"] == shy.clock()
    assert standing["lead_id"] is None


def test_a_refusal_is_one_error_in_the_event_log(shy):
    (event,) = shy.events(contact="shy")
    assert (event.type, event.code) == ("error", "FIELD_CUSTOM_VALIDATION_EXCEPTION")
    assert event.description == "A validation rule of the organization refused the lead. Fields: Company."


@pytest.mark.parametrize(
    ("fields_", "code", "field"),
    [
        ({"last_name": ""}, "REQUIRED_FIELD_MISSING", "LastName"),
        ({"last_name": "x" * 81}, "STRING_TOO_LONG", "LastName"),
        ({"email": "ada@"}, "INVALID_EMAIL_ADDRESS", "Email"),
        ({"business_phone": "1" * 41}, "STRING_TOO_LONG", "Phone"),
    ],
)
def test_what_cannot_pass_is_invalid_with_the_code_salesforce_would_have_answered(acme, fields_, code, field):
    acme.receive(ADA | fields_)
    acme.forget_requests()
    acme.run()
    standing = acme.standing("ada")
    assert (standing.status, standing.code, standing.fields) == ("invalid", code, (field,))
    assert [(event.type, event.code) for event in acme.events(contact="ada")] == [("error", code)]
    assert list(acme.org.log) == []


def test_a_restricted_picklist_and_a_number_are_checked_before_sending(acme):
    fields.put(acme.org, {"name": "Tier__c", "type": "picklist", "restricted": True, "values": ["Gold"]})
    acme.site.organization.delete()
    acme.map(Tier__c="custom.tier", NumberOfEmployees="custom.size")
    acme.receive(
        *people(1, **{"custom.tier": "Tin"}),
        *people(1, start=1, **{"custom.size": 123456789}),
        *people(1, start=2, **{"custom.size": "many"}),
        *people(1, start=3, **{"custom.size": 12, "custom.tier": "Gold"}),
    )
    assert acme.run().created == 1
    assert acme.held() == {
        "p00000": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "p00001": "NUMBER_OUTSIDE_VALID_RANGE",
        "p00002": "INVALID_TYPE_ON_FIELD_IN_RECORD",
    }


def test_a_blocked_contact_is_not_sent_again(shy):
    assert shy.run().api_calls == 0
    assert list(shy.org.log) == []


def test_a_field_update_releases_a_blocked_contact(shy):
    shy.receive(SHY | {"company": "Somewhere"})
    assert shy.standing("shy").status == "pending"
    assert shy.run().created == 1
    assert shy.standing("shy").status == "replicated"


def test_any_field_update_releases_even_one_that_is_not_mapped(shy):
    shy.receive(SHY | {"notes": "rang us"})
    run = shy.run()
    assert (run.blocked, run.api_calls) == (1, 1)


def test_importing_the_same_values_releases_nobody(shy):
    shy.receive(SHY)
    assert shy.run().api_calls == 0
    assert shy.standing("shy").status == "blocked"


def test_a_mapping_change_releases_blocked_contacts(shy):
    shy.map(Company={"value": "Web contact"})
    assert shy.standing("shy").status == "pending"
    assert shy.run().created == 1


def test_applying_the_same_file_releases_nobody(shy):
    shy.configure()
    assert shy.run().api_calls == 0
    assert shy.standing("shy").status == "blocked"


def test_a_setting_that_is_not_the_mapping_releases_nobody(shy):
    shy.configure(batch_size=10, minimum_score=40, keep_updated=False)
    assert shy.run().api_calls == 0
    assert shy.standing("shy").status == "blocked"


def test_another_sites_mapping_changes_nothing(shy, globex):
    globex.map(Company={"value": "Web contact"})
    globex.receive(ADA)
    globex.run()
    assert shy.run().api_calls == 0
    assert shy.standing("shy").status == "blocked"


def test_a_changed_score_does_not_release(shy):
    shy.scores[0]["rule"][0]["points"] = 60
    try:
        shy.configure()
    finally:
        shy.scores[0]["rule"][0]["points"] = 50
    recalculate(shy.site, now=shy.clock())
    assert shy.standing("shy").score == 60
    assert shy.run().api_calls == 0
    assert shy.standing("shy").status == "blocked"


def test_unblocking_by_hand_releases_one(shy):
    shy.receive(SHY | {"key": "shy too"})
    shy.run()
    shy.allow("Company")
    assert shy.unblock("shy") == 1
    assert shy.run().created == 1
    assert shy.statuses() == {"shy": "replicated", "shy too": "blocked"}


def test_unblocking_by_cause_releases_only_those_with_it(shy):
    shy.receive(BOB)
    shy.run()
    shy.allow("Company")
    assert shy.unblock(code="FIELD_CUSTOM_VALIDATION_EXCEPTION") == 1
    assert shy.run().created == 1
    assert shy.statuses() == {"shy": "replicated", "bob": "invalid"}


def test_unblocking_a_contact_that_is_still_refused_blocks_it_again(shy):
    shy.clock.advance(hours=1)
    shy.unblock()
    assert shy.run().blocked == 1
    assert shy.standing("shy").blocked_at == shy.clock()
    assert len(shy.events(contact="shy")) == 2


def test_a_refused_update_blocks_and_keeps_the_lead(strict):
    strict.receive(ADA)
    strict.run()
    strict.receive(ADA | {"company": "Nowhere"})
    assert strict.run().blocked == 1
    standing = strict.standing("ada")
    assert (standing.status, standing.lead_id) == ("blocked", strict.lead("ada")["Id"])
    strict.receive(ADA | {"company": "Somewhere"})
    assert strict.run().updated == 1


def test_a_blocked_contact_set_back_to_the_delivered_values_is_replicated_again(strict):
    strict.receive(ADA)
    strict.run()
    strict.receive(ADA | {"company": "Nowhere"})
    strict.run()
    strict.receive(ADA)
    run = strict.run()
    assert (run.status, run.unchanged) == ("succeeded", 1)
    assert strict.standing("ada").status == "replicated"


def test_an_unblocked_contact_that_no_longer_qualifies_is_not_sent(shy):
    shy.receive(SHY | {"job_title": "Intern"})
    assert shy.run().api_calls == 0
    assert shy.standing("shy").status == "not_eligible"


def test_a_contact_invalid_before_is_sent_once_its_values_pass(acme):
    acme.receive(BOB)
    acme.run()
    acme.receive(BOB | {"last_name": "Builder"})
    assert acme.run().created == 1
    assert acme.statuses() == {"bob": "replicated"}


def test_a_duplicate_rule_blocks_and_allowing_duplicates_lets_through(acme):
    acme.org.change_settings({"duplicate_rule": "alert"})
    acme.receive(ADA, ADA | {"key": "ada again"})
    assert (acme.run().blocked, list(acme.held().values())) == (1, ["DUPLICATES_DETECTED"])
    acme.configure(duplicate_rule="allow")
    acme.unblock()
    assert acme.run().created == 1


def test_to_state_what_is_so_already_releases_nobody(strict):
    strict.receive(SHY)
    strict.run()
    report = strict.receive(SHY | {"anonymous": "no"})
    assert (report.updated, report.unchanged) == (0, 1)
    assert strict.statuses() == {"shy": "blocked"}
    assert Contact.objects.get(key="shy").anonymous_stated is False
