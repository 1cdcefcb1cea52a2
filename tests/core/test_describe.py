"""The describe is kept small, and tells what changed."""

import json
from dataclasses import replace

import pytest

from leadferry.core.describe import (
    BadDescribe,
    changed_fields,
    described,
    fits_external_id,
    parse_describe,
    reduced,
    unfit_as_external_id,
)
from tests.core.org import KEY, LEAD, field

WHOLE = {
    "name": "Lead",
    "keyPrefix": "00Q",
    "fields": [
        {
            "name": "LastName",
            "label": "Last Name",
            "type": "string",
            "length": 80,
            "byteLength": 240,
            "nillable": False,
            "createable": True,
            "updateable": True,
            "defaultedOnCreate": False,
            "inlineHelpText": None,
        },
        {
            "name": "Rating",
            "label": "Rating",
            "type": "picklist",
            "length": 255,
            "nillable": True,
            "createable": True,
            "updateable": True,
            "picklistValues": [
                {"active": True, "defaultValue": False, "label": "Heiß", "validFor": None, "value": "Hot"},
                {"active": False, "defaultValue": False, "label": None, "validFor": None, "value": "Cold"},
            ],
        },
    ],
}


def test_the_reduced_describe_says_the_same():
    assert parse_describe(reduced(WHOLE)) == parse_describe(WHOLE)
    assert reduced(reduced(WHOLE)) == reduced(WHOLE)
    assert "byteLength" not in json.dumps(reduced(WHOLE))


def test_a_describe_may_come_as_text():
    assert parse_describe(json.dumps(WHOLE)) == parse_describe(WHOLE)


@pytest.mark.parametrize("wrong", ["[]", "{", "{}", {"fields": [{}]}, {"fields": [5]}])
def test_what_is_no_describe_is_refused(wrong):
    with pytest.raises(BadDescribe):
        parse_describe(wrong)


def test_reducing_what_is_no_describe_is_refused():
    with pytest.raises(BadDescribe):
        reduced({"fields": None})


def test_fields_are_found_in_any_case():
    found = parse_describe(WHOLE).field("lastNAME")
    assert found is not None
    assert (found.name, found.title, found.length) == ("LastName", "Last Name", 80)
    assert parse_describe(WHOLE).field("Nope") is None


def test_only_active_entries_are_choices():
    rating = parse_describe(WHOLE).field("Rating")
    assert rating is not None
    assert rating.choices == {"Hot"}


def test_a_fresh_organization_requires_last_name_and_company():
    assert {each.name for each in LEAD.required_fields()} == {"LastName", "Company"}


def test_a_changed_field_changes_the_fingerprint_and_is_named():
    city = LEAD.fields["city"]
    wider = described([*(LEAD.fields.values()), replace(city, length=80), field("New__c")])
    assert changed_fields(LEAD, wider) == {"City", "New__c"}
    assert changed_fields(wider, LEAD) == {"City", "New__c"}
    assert wider.fingerprint != LEAD.fingerprint
    assert described(LEAD.fields.values()).fingerprint == LEAD.fingerprint


@pytest.mark.parametrize(
    ("altered", "said"),
    [
        ({"type": "double"}, "text"),
        ({"length": 31}, "32"),
        ({"external_id": False}, "external ID"),
        ({"unique": False}, "unique"),
        ({"updateable": False}, "write"),
    ],
)
def test_a_field_that_cannot_be_the_external_id_says_why(altered, said):
    reasons = unfit_as_external_id(replace(LEAD.fields[KEY.lower()], **altered))
    assert len(reasons) == 1
    assert said in reasons[0]


def test_the_field_made_for_it_fits_as_external_id():
    assert fits_external_id(LEAD.fields[KEY.lower()])
