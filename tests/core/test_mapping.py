"""What becomes of a contact's values on their way to a lead."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from leadferry.core.mapping import DEFAULT_MAPPING, parse_mapping
from leadferry.core.outcome import Invalid
from tests.core.org import ADA, KEY, compiled, row


def lead_of(raw: dict[str, Any], contact: dict[str, Any], *, score: int = 0, **settings: Any) -> Any:
    made = compiled(parse_mapping(raw), **settings)
    return made.apply(row(made, contact), score)


def test_the_default_mapping_fills_fifteen_fields_in_the_order_of_their_names():
    made = compiled()
    lead = made.apply(row(made, ADA), 0)
    assert len(lead) == 15
    assert list(lead) == sorted(lead)
    assert lead["LastName"] == "Lovelace"
    assert lead["Title"] == "Director"


def test_an_empty_value_clears_the_lead_field():
    made = compiled()
    assert made.apply(row(made, ADA), 0)["Phone"] is None


def test_a_missing_company_becomes_the_default_company():
    made = compiled(default_company="Nobody & Sons")
    assert made.apply(row(made, ADA | {"company": ""}), 0)["Company"] == "Nobody & Sons"


def test_the_special_company_falls_back_in_any_field():
    raw = {"LastName": "last_name", "City": {"special": "company"}}
    assert lead_of(raw, {"last_name": "Ito"})["City"] == "Unknown"


def test_the_lead_description_is_a_template_of_the_site():
    made = compiled(lead_description="{contact[last_name]} from {site[display_name]} with {score}")
    assert made.apply(row(made, ADA), 7)["Description"] == "Lovelace from Acme with 7"


def test_a_template_that_fails_makes_its_contact_invalid():
    lead = lead_of({"LastName": {"template": "{contact[nope]}"}}, ADA)
    assert isinstance(lead, Invalid)
    assert lead.reason.code == "TEMPLATE_ERROR"
    assert lead.reason.fields == ("LastName",)


def test_a_constant_is_sent_with_every_lead():
    raw = {"LastName": "last_name", "LeadSource": {"value": "Web"}, "DoNotCall": {"value": True}}
    assert lead_of(raw, ADA) == {"DoNotCall": True, "LastName": "Lovelace", "LeadSource": "Web"}


def test_a_constant_that_does_not_fit_is_found_wrong():
    lead = lead_of({"LastName": "last_name", "Tier__c": {"value": "Bronze"}}, ADA)
    assert lead.reason.code == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


@pytest.mark.parametrize(
    ("temperature", "rating"), [("hot", "Hot"), ("HOT", "Hot"), ("cold", "Cold"), ("tepid", None), ("", None)]
)
def test_a_value_table_replaces_values_and_empties_what_it_lacks(temperature, rating):
    raw = {"Title": {"field": "custom.temperature", "values": {"hot": "Hot", "cold": "Cold"}}}
    assert lead_of(raw, {"custom": json.dumps({"temperature": temperature})}) == {"Title": rating}


def test_the_entry_star_stands_for_every_other_value_but_not_for_none():
    raw = {"Title": {"field": "job_title", "values": {"cto": "Chief", "*": "Other"}}}
    assert lead_of(raw, {"job_title": "clerk"}) == {"Title": "Other"}
    assert lead_of(raw, {"job_title": ""}) == {"Title": None}


def test_overflow_truncate_cuts_by_characters_and_leaves_no_blank_at_the_end():
    raw = {"FirstName": {"field": "first_name", "overflow": "truncate"}}
    assert lead_of(raw, {"first_name": "😀" * 50}) == {"FirstName": "😀" * 40}
    assert lead_of(raw, {"first_name": "A" * 39 + " B"}) == {"FirstName": "A" * 39}


def test_a_country_finds_its_entry_in_a_picklist_by_label():
    raw = {"CountryCode": {"special": "country"}}
    assert lead_of(raw, {"country": "czechia"}) == {"CountryCode": "CZ"}
    assert lead_of(raw, {"country": "Utopia"}) == {"CountryCode": "Utopia"}


@pytest.mark.parametrize(
    ("target", "source", "contact", "sent"),
    [
        ("NumberOfEmployees", {"special": "score"}, {}, 42),
        ("Title", {"special": "score"}, {}, "42"),
        ("NumberOfEmployees", "custom.staff", {"custom": '{"staff": "250"}'}, 250),
        ("AnnualRevenue", "custom.revenue", {"custom": '{"revenue": 1.5}'}, 1.5),
        ("Birthdate__c", "birthday", {"birthday": date(1815, 12, 10)}, "1815-12-10"),
        ("Birthdate__c", "birthday", {"birthday": "1815-12-10"}, "1815-12-10"),
        ("Birthdate__c", "birthday", {"birthday": None}, None),
        ("Title", "birthday", {"birthday": date(1815, 12, 10)}, "1815-12-10"),
        (
            "SeenAt__c",
            "modified",
            {"modified": datetime(2026, 1, 2, 3, tzinfo=UTC)},
            "2026-01-02T03:00:00.000Z",
        ),
        ("SeenAt__c", "modified", {"modified": "2026-01-02 03:00:00"}, "2026-01-02T03:00:00.000Z"),
        ("DoNotCall", "monitored", {"monitored": 1}, True),
        ("Title", "monitored", {"monitored": 0}, "false"),
        ("Title", "bounces", {"bounces": 3}, "3"),
        ("Title", "custom.gone", {"custom": ""}, None),
        ("Title", "custom.padded", {"custom": '{"padded": " x "}'}, "x"),
    ],
)
def test_values_take_the_type_of_the_lead_field(target, source, contact, sent):
    assert lead_of({target: source}, contact, score=42) == {target: sent}


def test_an_empty_field_that_takes_no_null_is_left_out():
    raw = {"LastName": "last_name", "DoNotCall": "custom.quiet", "Status": "status"}
    assert lead_of(raw, {"last_name": "Ito", "custom": "{}"}) == {"LastName": "Ito"}


def test_the_key_field_is_never_among_the_values():
    assert lead_of({"LastName": "last_name", KEY: "custom.id"}, ADA) == {"LastName": "Lovelace"}


def test_fields_are_split_where_insert_and_update_differ():
    raw = {"LastName": "last_name", "IsConverted": {"value": False}, "EmailBouncedReason": "notes"}
    made = compiled(parse_mapping(raw))
    lead = made.apply(row(made, {"last_name": "Ito", "notes": "full"}), 0)
    assert not made.same_for_update
    assert made.for_create(lead) == {"IsConverted": False, "LastName": "Ito"}
    assert made.for_update(lead) == {"EmailBouncedReason": "full", "LastName": "Ito"}


def test_one_set_of_fields_serves_the_default_mapping():
    assert compiled().same_for_update


def test_only_the_columns_that_are_read_are_selected():
    raw = {"LastName": "last_name", "Title": "custom.role", "City": {"template": "{contact[city]}"}}
    assert compiled(parse_mapping(raw)).columns[-1] == "custom"
    assert "last_name" in compiled().columns
    assert "notes" not in compiled().columns
    assert compiled().columns == tuple(name for name in compiled().columns if name != "custom")


def test_without_a_describe_names_and_companies_are_still_required():
    made = compiled(describe=None, default_company="")
    lead = made.apply(row(made, {"email": "x@y.example"}), 0)
    assert lead.reason.message == "Required fields are missing: [Company, LastName]"


def test_a_row_from_a_database_that_gives_null_for_text_is_mapped_too():
    made = compiled()
    columns = tuple(ADA.get(column) for column in made.columns)
    assert made.apply(columns, 0)["Phone"] is None


def test_the_default_mapping_is_the_one_of_the_product_description():
    assert [rule.target for rule in DEFAULT_MAPPING.rules][:3] == ["LastName", "Company", "FirstName"]
    assert len(DEFAULT_MAPPING.rules) == 15
