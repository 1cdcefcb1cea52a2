import json
from typing import Any

import pytest

from .caller import UPSERT, Caller, error_of, row

TOO_LONG = "First Name: data value too large: {} (max length=40)"


def test_required_fields_are_missed_together(sf: Caller) -> None:
    assert sf.error(LastName=None, Company="  ") == {
        "statusCode": "REQUIRED_FIELD_MISSING",
        "message": "Required fields are missing: [LastName, Company]",
        "fields": ["LastName", "Company"],
    }


def test_an_update_may_leave_required_fields_out_but_not_empty_them(sf: Caller) -> None:
    sf.upsert(row("a-17"))
    bare = {"attributes": {"type": "Lead"}, "LeadferryId__c": "a-17"}
    assert sf.codes(bare | {"City": "Brno"}) == ["updated"]
    assert sf.codes(bare | {"LastName": ""}) == ["REQUIRED_FIELD_MISSING"]


def test_length_counts_characters_not_bytes(sf: Caller) -> None:
    assert sf.codes(row("a-17", FirstName="é" * 40)) == ["created"]
    assert sf.error(FirstName="é" * 41)["message"] == TOO_LONG.format("é" * 41)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("Email", "foo@@bar", "INVALID_EMAIL_ADDRESS"),
        ("Email", "ada@localhost", "INVALID_EMAIL_ADDRESS"),
        ("Email", ".ada@engines.example", "INVALID_EMAIL_ADDRESS"),
        ("Email", "adá@engines.example", "INVALID_EMAIL_ADDRESS"),
        ("NumberOfEmployees", 100_000_000, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("AnnualRevenue", 1e18, "NUMBER_OUTSIDE_VALID_RANGE"),
        ("CleanStatus", "Dusty", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("OwnerId", "abc", "MALFORMED_ID"),
        ("OwnerId", "005000000000001AAB", "MALFORMED_ID"),
        ("OwnerId", "00500000000000A", "INVALID_CROSS_REFERENCE_KEY"),
        ("Nonsense__c", "x", "INVALID_FIELD"),
        ("Name", "Ada", "INVALID_FIELD_FOR_INSERT_UPDATE"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(sf: Caller, field: str, value: Any, code: str) -> None:
    error = sf.error(**{field: value})
    assert (error["statusCode"], error["fields"]) == (code, [field])


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("FirstName", "  Ada \n", "Ada"),
        ("FirstName", "\u00a0Ada", "\u00a0Ada"),
        ("City", "", None),
        ("Email", "a..da@engines.example", "a..da@engines.example"),
        ("NumberOfEmployees", "250", 250),
        ("AnnualRevenue", 12.5, 13.0),
        ("IsUnreadByOwner", "false", False),
        ("Industry", "Submarines", "Submarines"),
        ("Latitude", 49.19522, 49.19522),
    ],
)
def test_a_value_is_kept_as_the_platform_keeps_it(sf: Caller, field: str, sent: Any, kept: Any) -> None:
    sf.upsert(row("a-17", **{field: sent}))
    assert sf.leads()[0].get(field) == kept


@pytest.mark.parametrize(
    ("field", "type_", "value"),
    [
        ("Birthdate__c", "date", "31.12.2026"),
        ("Seen__c", "datetime", "yesterday"),
        ("Score__c", "double", "many"),
        ("NumberOfEmployees", "int", 2.5),
        ("IsUnreadByOwner", "boolean", "maybe"),
        ("FirstName", "string", 17),
    ],
)
def test_one_unreadable_value_refuses_all_rows(sf: Caller, field: str, type_: str, value: Any) -> None:
    if field.endswith("__c"):
        sf.control("POST", "fields", name=field, type=type_)
    answer = sf.upsert(row("a"), row("b", **{field: value}))
    assert error_of(answer) == (400, "JSON_PARSER_ERROR")
    assert f"Cannot deserialize instance of {type_} from VALUE_" in answer.json()[0]["message"]
    assert sf.leads() == []


def test_dates_and_instants_come_back_in_the_platforms_form(sf: Caller) -> None:
    sf.control("POST", "fields", name="Birthdate__c", type="date")
    sf.control("POST", "fields", name="Seen__c", type="datetime")
    sf.upsert(row("a", Birthdate__c="1815-12-10", Seen__c="2026-11-23T11:00:00+01:00"))
    assert sf.column("Birthdate__c") == ["1815-12-10"]
    assert sf.column("Seen__c") == ["2026-11-23T10:00:00.000+0000"]


def test_a_year_outside_the_calendar_of_the_platform_fails_its_row(sf: Caller) -> None:
    sf.control("POST", "fields", name="Birthdate__c", type="date")
    assert sf.error(Birthdate__c="0026-01-01")["statusCode"] == "FIELD_INTEGRITY_EXCEPTION"


def test_several_bad_values_are_all_told(sf: Caller) -> None:
    [result] = sf.results(row("a", FirstName="x" * 41, Email="nowhere"))
    codes = {each["statusCode"] for each in result["errors"]}
    assert codes == {"STRING_TOO_LONG", "INVALID_EMAIL_ADDRESS"}


def test_a_unique_value_held_by_another_lead_names_its_holder(sf: Caller) -> None:
    sf.control("POST", "fields", name="Badge__c", type="string", length=10, unique=True)
    [first] = sf.results(row("a", Badge__c="x1"))
    [second] = sf.results(row("b", Badge__c="X1"))
    expected = f"duplicate value found: Badge__c duplicates value on record with id: {first['id']}"
    assert second["errors"][0]["message"] == expected


def test_a_hidden_field_is_refused_like_one_that_does_not_exist(sf: Caller) -> None:
    sf.control("POST", "fields", name="Title", hidden=True)
    assert sf.error(Title="Countess")["message"] == "No such column 'Title' on sobject of type Lead"


def test_an_unknown_field_refuses_the_request_where_the_organization_says_so(sf: Caller) -> None:
    sf.control("PATCH", "settings", unknown_field="request")
    assert error_of(sf.upsert(row("a"), row("b", Foo__c=1))) == (400, "INVALID_FIELD")


def test_a_restricted_picklist_takes_its_values_only(sf: Caller) -> None:
    sf.control("POST", "fields", name="Tier__c", type="picklist", values=["Gold", "Silver"], restricted=True)
    assert sf.error(Tier__c="Tin")["message"] == "Tier: bad value for restricted picklist field: Tin"
    assert sf.codes(row("a", Tier__c="Gold")) == ["created"]


def test_half_a_surrogate_pair_is_not_text(sf: Caller) -> None:
    body = json.dumps({"records": [row("a", FirstName="\ud83d")]})
    answer = sf.call("PATCH", UPSERT, content=body, headers={"Content-Type": "application/json"})
    assert error_of(answer) == (400, "JSON_PARSER_ERROR")
