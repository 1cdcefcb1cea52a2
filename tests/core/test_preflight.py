"""What the org would refuse is found before a call is spent."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadferry.core.describe import LeadField
from leadferry.core.mapping import DEFAULT_MAPPING, parse_mapping
from leadferry.core.outcome import Invalid
from leadferry.core.preflight import EMAIL, Level, check_mapping, problem
from tests.core.org import ADA, KEY, LEAD, compiled, row


def refused(contact: dict[str, Any], raw: dict[str, Any] | None = None) -> Any:
    made = compiled(parse_mapping(raw) if raw else DEFAULT_MAPPING)
    answer = made.apply(row(made, ADA | contact), 0)
    assert isinstance(answer, Invalid)
    return answer.reason


@pytest.mark.parametrize(
    ("contact", "code", "message", "field"),
    [
        ({"last_name": ""}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", "LastName"),
        (
            {"first_name": "X" * 41},
            "STRING_TOO_LONG",
            f"First Name: data value too large: {'X' * 41} (max length=40)",
            "FirstName",
        ),
        ({"email": "foo@@bar"}, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: foo@@bar", "Email"),
    ],
)
def test_a_contact_is_refused_in_the_words_of_salesforce(contact, code, message, field):
    reason = refused(contact)
    assert (reason.code, reason.message, reason.fields) == (code, message, (field,))


@pytest.mark.parametrize(
    ("target", "value", "code", "message"),
    [
        (
            "NumberOfEmployees",
            "999999999",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Employees: value outside of valid range on numeric field: 999999999",
        ),
        (
            "Birthdate__c",
            "soon",
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "Birthdate__c: value not of required type: soon",
        ),
        (
            "Tier__c",
            "Gold",
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Tier__c: bad value for restricted picklist field: Gold",
        ),
        (
            "DoNotCall",
            "maybe",
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "DoNotCall: value not of required type: maybe",
        ),
        (
            "AnnualRevenue",
            "1e400",
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            "AnnualRevenue: value not of required type: 1e400",
        ),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(target, value, code, message):
    reason = refused({"job_title": value}, {target: "job_title"})
    assert (reason.code, reason.message) == (code, message)


def test_of_several_findings_the_first_speaks_and_all_fields_are_listed():
    reason = refused({"last_name": "", "first_name": "X" * 41, "email": "nobody"})
    assert reason.code == "REQUIRED_FIELD_MISSING"
    assert reason.fields == ("LastName", "Email", "FirstName")


def test_a_very_long_value_is_shown_in_part_only():
    assert len(refused({"job_title": "x" * 900}).message) < 200


@pytest.mark.parametrize(
    "address",
    [
        "ada@engines.example",
        "a.b@x.co",
        "a..b@x.co",
        "ab.@x.co",
        "o'hara+1@sub.example.org",
        "x@1.2",
        "!#$%@a.b",
        "a@-x.co",
        "a@x-.co",
    ],
)
def test_salesforce_takes_these_addresses(address):
    assert EMAIL.fullmatch(address)


@pytest.mark.parametrize(
    "address",
    [
        *("foo@@bar", ".a@x.co", "a@x", "a b@x.co", "é@x.co", "a@x..co", "a@x.co ", "a@(c)x.co"),
        *("@x.co", "a(b)@x.co", "a@x.co\n", "a@" + "l" * 64 + ".co"),
    ],
)
def test_salesforce_does_not_take_these_addresses(address):
    assert not EMAIL.fullmatch(address)


def test_a_multiple_picklist_takes_several_of_its_entries():
    choices = LEAD.fields["tier__c"].picklist
    several = LeadField(name="Tiers__c", type="multipicklist", restricted_picklist=True, picklist=choices)
    assert problem(several, "gold;silver") is None
    assert problem(several, "gold;bronze") is not None


def test_a_reference_takes_only_the_id_of_a_record():
    owner = LeadField(name="OwnerId", label="Owner ID", type="reference", length=18)
    assert problem(owner, "005000000000001") is None
    reason = problem(owner, "abc")
    assert reason is not None
    assert (reason.code, reason.message) == ("MALFORMED_ID", "Owner ID: id value of incorrect type: abc")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(1, 60))
def test_a_text_passes_exactly_up_to_the_length_of_its_field(text, length):
    reason = problem(LeadField(name="City", length=length), text)
    assert (reason is None) == (len(text) <= length)


def test_the_default_mapping_has_no_error_in_a_fresh_organization():
    assert not [each for each in check_mapping(DEFAULT_MAPPING, LEAD, KEY) if each.level is Level.ERROR]


def test_lengths_in_use_decide_what_is_warned_about():
    findings = check_mapping(DEFAULT_MAPPING, LEAD, KEY, longest=dict.fromkeys(compiled().columns, 5))
    assert [each.field for each in findings] == ["LastName"]
    assert "may be empty" in findings[0].message


@pytest.mark.parametrize(
    ("raw", "field", "level"),
    [
        ({"LastName": "last_name"}, "Company", "error"),
        ({"LastName": "last_name", "Company": "company", "Nope__c": "city"}, "Nope__c", "error"),
        ({"LastName": "last_name", "Company": "company", "Name": "city"}, "Name", "error"),
        ({"LastName": "last_name", "Company": "company", KEY: "city"}, KEY, "error"),
        ({"LastName": "last_name", "Company": "company", "Tier__c": {"value": "x"}}, "Tier__c", "error"),
        (
            {"LastName": "last_name", "Company": "company", "IsConverted": "monitored"},
            "IsConverted",
            "warning",
        ),
        (
            {"LastName": "last_name", "Company": "company", "EmailBouncedReason": "city"},
            "EmailBouncedReason",
            "warning",
        ),
        (
            {"LastName": "last_name", "Company": "company", "Birthdate__c": "created"},
            "Birthdate__c",
            "warning",
        ),
        (
            {"LastName": "last_name", "Company": "company", "NumberOfEmployees": {"special": "score"}},
            "NumberOfEmployees",
            "warning",
        ),
        (
            {"LastName": "last_name", "Company": "company", "NumberOfEmployees": "city"},
            "NumberOfEmployees",
            "warning",
        ),
        ({"LastName": "last_name", "Company": "company", "City": "city"}, "City", "warning"),
    ],
)
def test_a_mapping_is_told_what_the_describe_says_against_it(raw, field, level):
    findings = check_mapping(parse_mapping(raw), LEAD, KEY)
    assert (field, level) in [(each.field, each.level) for each in findings]
    assert all(each.message and each.fix for each in findings)


@pytest.mark.parametrize("key", ["", "Absent__c", "City"])
def test_a_mapping_without_a_fitting_external_id_is_blocked(key):
    errors = [each for each in check_mapping(DEFAULT_MAPPING, LEAD, key) if each.level is Level.ERROR]
    assert errors
    assert {each.field for each in errors} == {key}
