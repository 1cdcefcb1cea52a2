import gzip
import json

import pytest

from .caller import DATA, UPSERT, Caller, error_of, keys, row


def test_a_new_key_creates_and_a_known_key_updates(sf: Caller) -> None:
    assert sf.codes(row("a-17")) == ["created"]
    assert sf.codes(row("a-17", LastName="King")) == ["updated"]
    assert [each["LastName"] for each in sf.leads()] == ["King"]


def test_results_keep_the_order_of_the_rows(sf: Caller) -> None:
    sf.upsert(row("b"))
    assert sf.codes(row("a"), row("b"), row("c", Company=""), row("d")) == [
        "created",
        "updated",
        "REQUIRED_FIELD_MISSING",
        "created",
    ]


def test_a_failed_row_carries_neither_id_nor_created(sf: Caller) -> None:
    good, bad = keys(sf.results(row("a"), row("b", LastName=None)))
    assert good == {"id", "success", "errors", "created"}
    assert bad == {"success", "errors"}


def test_one_request_of_many_rows_costs_one_call(sf: Caller, org) -> None:
    answer = sf.upsert(*(row(f"k{number}") for number in range(200)))
    assert answer.headers["Sforce-Limit-Info"] == "api-usage=1/15000"
    assert org.calls() == 1


def test_answers_are_printed_with_a_blank_before_the_colon(sf: Caller) -> None:
    assert '"success" : true' in sf.upsert(row("a")).text


def test_more_rows_than_allowed_refuse_the_request(sf: Caller) -> None:
    answer = sf.upsert(*(row(f"k{number}") for number in range(201)))
    assert error_of(answer) == (400, "EXCEEDED_ID_LIMIT")
    assert sf.leads() == []


def test_an_empty_list_refuses_the_request(sf: Caller) -> None:
    answer = sf.upsert()
    assert answer.json() == [
        {"message": "At least 1 record is required", "errorCode": "REQUIRED_FIELD_MISSING"}
    ]


def test_the_second_row_with_one_key_is_refused(sf: Caller) -> None:
    [_, second] = sf.results(row("a-17"), row("a-17"))
    assert second["errors"][0]["message"] == "Duplicate external id specified: a-17"


def test_both_rows_with_one_key_are_refused_where_the_organization_says_so(sf: Caller) -> None:
    sf.control("PATCH", "settings", repeated_key="all")
    assert sf.codes(row("a-17"), row("a-17")) == ["DUPLICATE_VALUE", "DUPLICATE_VALUE"]


def test_keys_that_differ_in_case_are_two_keys(sf: Caller) -> None:
    assert sf.codes(row("abc"), row("ABC")) == ["created", "created"]


def test_a_row_without_its_key_is_refused(sf: Caller) -> None:
    assert sf.codes(row(None)) == ["MISSING_ARGUMENT"]


def test_a_row_that_carries_an_id_is_refused(sf: Caller) -> None:
    assert sf.codes(row("a", Id="00Q000000000001AAA")) == ["INVALID_FIELD"]


def test_a_key_held_by_several_leads_names_them(sf: Caller) -> None:
    sf.control("PATCH", "settings", unique_keys=False)
    made = sf.call("POST", "composite/sobjects", json={"records": [row("twin"), row("twin")]}).json()
    [result] = sf.results(row("twin"))
    ids = ", ".join(each["id"] for each in made)
    message = f"LeadferryId: more than one record found for external id field: [{ids}]"
    assert result["errors"] == [
        {"statusCode": "DUPLICATE_EXTERNAL_ID", "message": message, "fields": ["LeadferryId__c"]}
    ]


def test_all_or_none_undoes_the_good_rows_and_says_so(sf: Caller) -> None:
    assert sf.codes(row("a"), row("b", Company=None), whole=True) == [
        "ALL_OR_NONE_OPERATION_ROLLED_BACK",
        "REQUIRED_FIELD_MISSING",
    ]
    assert sf.leads() == []


def test_a_field_that_is_no_key_is_not_found(sf: Caller) -> None:
    answer = sf.call("PATCH", "composite/sobjects/Lead/Title", json={"records": [row("a")]})
    assert answer.status_code == 404
    assert answer.json()[0]["message"].endswith("does not exist or is not accessible: Title")


def test_leads_can_be_matched_by_email_whatever_its_case(sf: Caller) -> None:
    path = f"{DATA}/composite/sobjects/Lead/Email"
    for address in ("ada@engines.example", "ADA@engines.example"):
        sf.call("PATCH", path, json={"records": [row(None, Email=address)]})
    assert len(sf.leads()) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{not json", "JSON_PARSER_ERROR"),
        (b"[]", "JSON_PARSER_ERROR"),
        (b'{"records": [{"LastName": "x"}]}', "INVALID_TYPE"),
        (b'{"records": [{"attributes": {"type": "Account"}}]}', "INVALID_TYPE"),
        (b'{"rows": []}', "JSON_PARSER_ERROR"),
        (b'{"allOrNone": "x", "records": [{"attributes": {"type": "Lead"}}]}', "JSON_PARSER_ERROR"),
        (b'{"allOrNone": 1, "records": []}', "JSON_PARSER_ERROR"),
    ],
)
def test_a_malformed_request_is_refused_whole(sf: Caller, body: bytes, code: str) -> None:
    answer = sf.call("PATCH", UPSERT, content=body, headers={"Content-Type": "application/json"})
    assert error_of(answer) == (400, code)


def test_a_switch_that_is_neither_on_nor_off_writes_nothing(sf: Caller) -> None:
    answer = sf.call("PATCH", UPSERT, json={"allOrNone": "x", "records": [row("a")]})
    assert answer.json()[0]["message"].startswith(
        "Cannot deserialize instance of boolean from VALUE_STRING value x or request may be missing"
    )
    assert sf.leads() == []


def test_a_body_that_is_not_called_json_is_refused(sf: Caller) -> None:
    answer = sf.call("PATCH", UPSERT, content=b"{}", headers={"Content-Type": "text/csv"})
    assert error_of(answer) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_compressed_body_is_read(sf: Caller) -> None:
    body = gzip.compress(json.dumps({"records": [row("a")]}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert sf.call("PATCH", UPSERT, content=body, headers=headers).json()[0]["created"] is True


def test_rows_are_created_changed_read_and_deleted_by_id(sf: Caller) -> None:
    made = sf.call("POST", "composite/sobjects", json={"records": [row("a"), row("b")]}).json()
    ids = [each["id"] for each in made]
    changes = [{"attributes": {"type": "Lead"}, "id": id_, "City": "Brno"} for id_ in ids]
    changed = sf.call("PATCH", "composite/sobjects", json={"records": changes}).json()
    assert all(each["success"] for each in changed)
    read = sf.call("POST", "composite/sobjects/Lead", json={"ids": ids, "fields": ["City"]}).json()
    assert [each["City"] for each in read] == ["Brno", "Brno"]
    gone = sf.call("DELETE", "composite/sobjects", params={"ids": ",".join(ids)}).json()
    assert [each["id"] for each in gone] == ids
    assert [each["IsDeleted"] for each in sf.leads()] == [True, True]


def test_an_update_without_id_or_of_a_deleted_lead_fails_alone(sf: Caller) -> None:
    [made] = sf.results(row("a"))
    sf.control("POST", f"leads/{made['id']}/delete")
    rows = [{"attributes": {"type": "Lead"}, "City": "Brno"}]
    rows.append({"attributes": {"type": "Lead"}, "id": made["id"], "City": "Brno"})
    answer = sf.call("PATCH", "composite/sobjects", json={"records": rows}).json()
    assert [each["errors"][0]["statusCode"] for each in answer] == ["MISSING_ARGUMENT", "ENTITY_IS_DELETED"]


@pytest.mark.parametrize(("version", "status"), [(45, 404), (46, 200)])
def test_rows_can_be_matched_by_a_key_from_version_46_on(sf: Caller, version: int, status: int) -> None:
    path = f"/services/data/v{version}.0/composite/sobjects/Lead/LeadferryId__c"
    answer = sf.call("PATCH", path, json={"records": [row("a")]})
    assert answer.status_code == status
    assert len(sf.leads()) == (status == 200)


def test_an_upsert_of_an_older_version_does_not_exist(sf: Caller) -> None:
    path = "/services/data/v45.0/composite/sobjects/Lead/LeadferryId__c"
    answer = sf.call("PATCH", path, json={"records": [row("a")]})
    assert answer.json() == [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]
