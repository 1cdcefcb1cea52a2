from typing import Any

import pytest

from .caller import DATA, UPSERT, Caller, error_of, row

ADA = {"LastName": "Lovelace", "Company": "Analytical Engines"}


def part(name: str, method: str = "GET", url: str = f"{DATA}/limits", **rest: Any) -> dict[str, Any]:
    return {"referenceId": name, "method": method, "url": url, **rest}


def collection(name: str, *rows: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return part(name, "PATCH", UPSERT, body={"allOrNone": False, "records": list(rows)}, **rest)


def post(sf: Caller, *parts: dict[str, Any], whole: bool = False) -> list[dict[str, Any]]:
    answer = sf.call("POST", "composite", json={"allOrNone": whole, "compositeRequest": list(parts)})
    assert answer.status_code == 200, answer.text
    return answer.json()["compositeResponse"]


def test_five_collections_travel_in_one_call(sf: Caller) -> None:
    parts = [collection(f"c{one}", *(row(f"{one}-{two}") for two in range(200))) for one in range(5)]
    answers = post(sf, *parts)
    assert [each["httpStatusCode"] for each in answers] == [200] * 5
    assert [each["referenceId"] for each in answers] == ["c0", "c1", "c2", "c3", "c4"]
    assert sf.control("GET", "state")["leads"] == 1000
    assert sf.org.calls() == 1


def test_a_sixth_collection_refuses_the_request(sf: Caller) -> None:
    parts = [collection(f"c{number}", row(str(number))) for number in range(6)]
    answer = sf.call("POST", "composite", json={"compositeRequest": parts})
    assert error_of(answer) == (400, "LIMIT_EXCEEDED")
    assert sf.leads() == []


def test_more_than_twenty_five_parts_refuse_the_request(sf: Caller) -> None:
    parts = [part(f"p{number}") for number in range(26)]
    assert error_of(sf.call("POST", "composite", json={"compositeRequest": parts})) == (400, "LIMIT_EXCEEDED")


def test_one_bad_part_leaves_the_others_alone(sf: Caller) -> None:
    bad, good = post(sf, collection("bad"), collection("good", row("a")))
    assert (bad["httpStatusCode"], bad["body"][0]["errorCode"]) == (400, "REQUIRED_FIELD_MISSING")
    assert good["body"][0]["success"] is True


def test_all_or_none_halts_the_others(sf: Caller) -> None:
    good, bad = post(sf, collection("good", row("a")), collection("bad"), whole=True)
    assert good["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert bad["body"][0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    assert sf.leads() == []


def test_a_part_may_use_what_an_earlier_one_made(sf: Caller) -> None:
    made = part("made", "POST", f"{DATA}/sobjects/Lead", body=ADA)
    changed = part("changed", "PATCH", f"{DATA}/sobjects/Lead/@{{made.id}}", body={"City": "London"})
    assert [each["httpStatusCode"] for each in post(sf, made, changed)] == [201, 204]
    assert sf.column("City") == ["London"]


def test_a_reference_to_nothing_is_an_error_of_its_part(sf: Caller) -> None:
    [answer] = post(sf, part("read", url=f"{DATA}/sobjects/Lead/@{{made.id}}"))
    assert answer["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_headers_belong_to_the_part_that_carries_them(sf: Caller) -> None:
    queue = sf.control("POST", "owners", name="Callers", type="Queue")["id"]
    sf.control("PATCH", "settings", assignment_owner=queue)
    off = {"Sforce-Auto-Assign": "FALSE"}
    post(sf, collection("off", row("a"), httpHeaders=off), collection("on", row("b")))
    assert sf.column("OwnerId", "ORDER BY LeadferryId__c") == [sf.org.user_id, queue]


def test_headers_that_are_no_object_spoil_their_own_part_only(sf: Caller) -> None:
    bad, good = post(sf, collection("bad", row("a"), httpHeaders=["x"]), collection("good", row("b")))
    assert (bad["httpStatusCode"], bad["body"][0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
    assert good["httpStatusCode"] == 200


def test_one_unreadable_value_spoils_its_own_part_only(sf: Caller) -> None:
    bad, good = post(sf, collection("bad", row("a", NumberOfEmployees="many")), collection("good", row("b")))
    assert bad["body"][0]["errorCode"] == "JSON_PARSER_ERROR"
    assert good["httpStatusCode"] == 200


def test_references_have_to_be_unique(sf: Caller) -> None:
    answer = sf.call("POST", "composite", json={"compositeRequest": [part("a"), part("a")]})
    assert error_of(answer) == (400, "INVALID_INPUT")


def test_a_switch_that_is_neither_on_nor_off_refuses_the_request(sf: Caller) -> None:
    body = {"allOrNone": "x", "compositeRequest": [collection("a", row("a"))]}
    assert error_of(sf.call("POST", "composite", json=body)) == (400, "JSON_PARSER_ERROR")
    body = {"haltOnError": "x", "batchRequests": [{"method": "GET", "url": "v67.0/limits"}]}
    assert error_of(sf.call("POST", "composite/batch", json=body)) == (400, "JSON_PARSER_ERROR")
    assert sf.leads() == []


@pytest.mark.parametrize(
    "url",
    [
        "/services/data/",
        "/services/data/v67.0",
        "/services/data/v66.0limits",
        "/services/data/v67.0/nonsense",
        "/services/data/v99.0/limits",
        "/services/data/v67.5/limits",
        "/services/data/x67.0/limits",
        "/services/data/v20.0/limits",
        "/services/data/v45.0/composite/sobjects/Lead/LeadferryId__c",
    ],
)
def test_a_part_is_answered_as_if_it_had_come_alone(sf: Caller, url: str) -> None:
    alone = sf.call("GET", url)
    [answer] = post(sf, part("a", url=url))
    assert (answer["httpStatusCode"], answer["body"]) == (alone.status_code, alone.json())


def test_a_part_is_of_the_version_it_names(sf: Caller) -> None:
    old = "/services/data/v45.0/sobjects/Lead/LeadferryId__c/a"
    answers = post(sf, *(part(f"p{number}", "PATCH", old, body=ADA) for number in range(2)))
    assert [each["httpStatusCode"] for each in answers] == [201, 204]


def test_composite_calls_cannot_be_nested(sf: Caller) -> None:
    [answer] = post(sf, part("inner", "POST", f"{DATA}/composite", body={}))
    assert answer["httpStatusCode"] == 400


def test_every_part_of_a_batch_counts(sf: Caller) -> None:
    parts = [{"method": "GET", "url": "v67.0/limits"}, {"method": "GET", "url": "v67.0/sobjects"}]
    body = sf.call("POST", "composite/batch", json={"batchRequests": parts}).json()
    assert (body["hasErrors"], [each["statusCode"] for each in body["results"]]) == (False, [200, 200])
    assert sf.org.calls() == 2


def test_a_batch_may_stop_at_its_first_error(sf: Caller) -> None:
    parts = [{"method": "GET", "url": "v67.0/nonsense"}, {"method": "GET", "url": "v67.0/limits"}]
    body = sf.call("POST", "composite/batch", json={"batchRequests": parts, "haltOnError": True}).json()
    assert [each["statusCode"] for each in body["results"]] == [404, 412]
