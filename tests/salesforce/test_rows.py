"""Up to 1,000 rows in one charged call."""

from __future__ import annotations

import orjson
import pytest

from leadferry.salesforce import Client, InDoubt, LimitReached, NeedsPerson, Rejected, RowResult, TryLater

from .scripted import Call, Reply, ScriptedOrg, saved

KEY = "LeadferryId__c"
SAVED = {"id": "00Q", "success": True, "errors": []}


def row(number: int) -> bytes:
    return orjson.dumps({"attributes": {"type": "Lead"}, KEY: f"k{number}", "LastName": "Novák"})


def rows(count: int) -> list[bytes]:
    return [row(number) for number in range(count)]


def echo(call: Call) -> Reply:
    """Answers every row of a composite with its own key as id."""
    parts = [
        {
            "body": [{"id": each[KEY], "success": True, "errors": []} for each in part["body"]["records"]],
            "httpHeaders": {},
            "httpStatusCode": 200,
            "referenceId": part["referenceId"],
        }
        for part in call.json["compositeRequest"]
    ]
    return Reply(body={"compositeResponse": parts[::-1]})


def one_part_is(status: int, body: object) -> Reply:
    good = [{"id": "00Q", "success": True, "errors": [], "created": True}] * 200
    parts = [
        {"body": good, "httpStatusCode": 200, "referenceId": "part0", "httpHeaders": {}},
        {"body": body, "httpStatusCode": status, "referenceId": "part1", "httpHeaders": {}},
    ]
    return Reply(body={"compositeResponse": parts})


def test_no_rows_cost_no_call(client: Client, org: ScriptedOrg) -> None:
    assert client.upsert_rows("Lead", KEY, []) == []
    assert (org.calls, client.calls) == ([], 0)


def test_two_hundred_rows_go_out_in_one_collection_as_they_are(client: Client, org: ScriptedOrg) -> None:
    org.will(saved(200))
    results = client.upsert_rows("Lead", KEY, rows(200))
    assert len(results) == 200 and client.calls == 1
    call = org.calls[0]
    assert (call.method, call.path) == ("PATCH", f"/services/data/v66.0/composite/sobjects/Lead/{KEY}")
    assert call.raw == b'{"allOrNone":false,"records":[' + b",".join(rows(200)) + b"]}"


@pytest.mark.parametrize(("count", "sizes"), [(201, [200, 1]), (1000, [200] * 5)])
def test_more_rows_are_packed_in_one_composite(
    client: Client, org: ScriptedOrg, count: int, sizes: list[int]
) -> None:
    org.will(echo)
    results = client.upsert_rows("Lead", KEY, rows(count))
    assert [result["id"] for result in results] == [f"k{number}" for number in range(count)]
    assert client.calls == 1
    parts = org.calls[0].json["compositeRequest"]
    assert [len(part["body"]["records"]) for part in parts] == sizes
    assert org.calls[0].json["allOrNone"] is False


def test_every_part_of_a_packed_call_carries_the_write_headers(client: Client, org: ScriptedOrg) -> None:
    org.will(echo)
    client.upsert_rows("Lead", KEY, rows(201))
    for part in org.calls[0].json["compositeRequest"]:
        assert part["httpHeaders"] == {"Sforce-Auto-Assign": "FALSE", "Sforce-Mru": "updateMru=false"}


def test_more_than_a_thousand_rows_are_refused_before_sending(client: Client, org: ScriptedOrg) -> None:
    with pytest.raises(ValueError, match="at most 1000 rows, not 1001"):
        client.upsert_rows("Lead", KEY, rows(1001))
    assert org.calls == []


def test_a_refused_row_is_a_result_with_salesforces_own_words(client: Client, org: ScriptedOrg) -> None:
    error = {"statusCode": "REQUIRED_FIELD_MISSING", "message": "Required: [Company]", "fields": ["Company"]}
    refused: RowResult = {"success": False, "errors": [error]}
    org.will(Reply(body=[{"id": "00Q", "success": True, "errors": [], "created": False}, refused]))
    assert client.upsert_rows("Lead", KEY, rows(2))[1] == refused


def test_a_pretty_printed_answer_is_understood(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body=b'[ {\n  "id" : "00Q",\n  "success" : true,\n  "errors" : [ ]\n} ]'))
    assert client.upsert_rows("Lead", KEY, rows(1))[0]["id"] == "00Q"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        [SAVED] * 3,
        [SAVED, None],
        [SAVED, {"success": False}],
        [SAVED, {"success": True}],
        [SAVED, {"success": False, "errors": ["no"]}],
    ],
    ids=["none", "object", "too many", "null", "failed without errors", "saved without id", "no error"],
)
def test_an_answer_that_does_not_cover_every_row_is_in_doubt(
    client: Client, org: ScriptedOrg, body: object
) -> None:
    org.will(Reply(body=body))
    with pytest.raises(InDoubt):
        client.upsert_rows("Lead", KEY, rows(2))


def test_a_refused_part_keeps_the_results_of_the_others(client: Client, org: ScriptedOrg) -> None:
    org.will(one_part_is(400, [{"errorCode": "JSON_PARSER_ERROR", "message": "bad date"}]))
    with pytest.raises(Rejected) as caught:
        client.upsert_rows("Lead", KEY, rows(203))
    known = caught.value.rows
    assert [each is None for each in known] == [False] * 200 + [True] * 3


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (503, "SERVER_UNAVAILABLE", "server too busy", TryLater),
        (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", LimitReached),
        (404, "NOT_FOUND", "Provided external ID field does not exist", NeedsPerson),
    ],
)
def test_a_refused_part_says_what_to_do_next(
    client: Client, org: ScriptedOrg, status: int, code: str, message: str, kind: type[Exception]
) -> None:
    org.will(one_part_is(status, [{"errorCode": code, "message": message}]))
    with pytest.raises(kind) as caught:
        client.upsert_rows("Lead", KEY, rows(201))
    assert type(caught.value) is kind and caught.value.rows[200] is None


def test_a_missing_part_of_a_packed_answer_is_in_doubt(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body={"compositeResponse": []}))
    with pytest.raises(InDoubt):
        client.upsert_rows("Lead", KEY, rows(201))


def test_a_missing_key_field_names_the_field_and_the_person(client: Client, org: ScriptedOrg) -> None:
    message = f"Provided external ID field does not exist or is not accessible: {KEY}"
    org.will(Reply(status=404, body=[{"errorCode": "NOT_FOUND", "message": message}]))
    with pytest.raises(NeedsPerson) as caught:
        client.upsert_rows("Lead", KEY, rows(1))
    assert f"Lead.{KEY}" in caught.value.fix and caught.value.fields == (KEY,)
    assert caught.value.who == "a Salesforce administrator"


def test_rows_are_created_and_updated_through_their_own_resources(client: Client, org: ScriptedOrg) -> None:
    org.will(saved(1), saved(1))
    client.create_rows(rows(1))
    client.update_rows(rows(1))
    assert [(call.method, call.path.removeprefix("/services/data/v66.0")) for call in org.calls] == [
        ("POST", "/composite/sobjects"),
        ("PATCH", "/composite/sobjects"),
    ]


def test_rows_are_deleted_by_id(client: Client, org: ScriptedOrg) -> None:
    org.will(saved(2))
    client.delete_rows(["00Qxx0000000017EAA", "00Qxx0000000018"])
    assert org.calls[0].method == "DELETE" and org.calls[0].raw == b""
    assert org.calls[0].query == "allOrNone=false&ids=00Qxx0000000017EAA,00Qxx0000000018"


def test_many_rows_are_deleted_in_one_composite_without_bodies(client: Client, org: ScriptedOrg) -> None:
    org.will(one_part_is(200, [{"id": "00Q", "success": True, "errors": []}]))
    assert len(client.delete_rows(["00Qxx0000000017EAA"] * 201)) == 201
    assert all("body" not in part for part in org.calls[0].json["compositeRequest"])


def test_rows_are_read_by_position(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body=[{"Id": "00Qxx0000000017EAA"}, None]))
    found = client.retrieve_rows("Lead", ["00Qxx0000000017EAA", "00Qxx0000000018EAA"], ["Id"])
    assert found == [{"Id": "00Qxx0000000017EAA"}, None]
    assert org.calls[0].json == {"ids": ["00Qxx0000000017EAA", "00Qxx0000000018EAA"], "fields": ["Id"]}


@pytest.mark.parametrize("record", ["", "00Q/../x", "00Qxx0000000017EA,", "00Qxx0000000017EAA\n"])
def test_what_is_not_a_record_id_never_becomes_part_of_an_address(client: Client, record: str) -> None:
    with pytest.raises(ValueError, match="not a Salesforce record id"):
        client.delete_rows([record])
