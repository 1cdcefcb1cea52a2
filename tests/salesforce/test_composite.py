"""Requests of any kind packed in one charged call."""

from __future__ import annotations

import pytest

from leadferry.salesforce import Client, InDoubt, NeedsPerson, SubAnswer, SubRequest

from .scripted import Reply, ScriptedOrg, refusing

READ = SubRequest(method="GET", path="/sobjects/Lead/describe", reference_id="read")
WRITE = SubRequest(method="POST", path="/sobjects/Lead", reference_id="write", body={"LastName": "Ito"})
RAW = SubRequest(
    method="POST", path="/services/data/v60.0/sobjects/Lead", reference_id="raw", body=b'{"a" : 1}'
)


def part(name: str, status: int = 200, body: object = None) -> dict[str, object]:
    return {"referenceId": name, "httpStatusCode": status, "body": body, "httpHeaders": {}}


def test_answers_come_in_the_order_of_the_requests(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body={"compositeResponse": [part("write", 201), part("read", 404, [])]}))
    assert client.composite([READ, WRITE]) == [
        SubAnswer(reference_id="read", status=404, body=[], headers={}),
        SubAnswer(reference_id="write", status=201, body=None, headers={}),
    ]
    assert client.calls == 1


def test_paths_are_below_the_version_and_bodies_go_out_as_given(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body={"compositeResponse": [part("read"), part("write"), part("raw")]}))
    client.composite([READ, WRITE, RAW], all_or_none=True)
    sent = org.calls[0].json
    assert sent["allOrNone"] is True
    assert [each["url"] for each in sent["compositeRequest"]] == [
        "/services/data/v66.0/sobjects/Lead/describe",
        "/services/data/v66.0/sobjects/Lead",
        "/services/data/v60.0/sobjects/Lead",
    ]
    assert [each.get("body") for each in sent["compositeRequest"]] == [None, {"LastName": "Ito"}, {"a": 1}]
    assert b'"body":{"a" : 1}}' in org.calls[0].raw


def test_no_requests_cost_no_call(client: Client, org: ScriptedOrg) -> None:
    assert client.composite([]) == [] and org.calls == []


@pytest.mark.parametrize("requests", [[READ, READ], [READ] * 26], ids=["same id twice", "too many"])
def test_what_no_composite_takes_is_refused_before_sending(
    client: Client, requests: list[SubRequest]
) -> None:
    with pytest.raises(ValueError, match="at most 25"):
        client.composite(requests)


@pytest.mark.parametrize("body", [[], {}, {"compositeResponse": [7]}, {"compositeResponse": [part("x")]}])
def test_an_answer_that_misses_a_request_is_in_doubt(client: Client, org: ScriptedOrg, body: object) -> None:
    org.will(Reply(body=body))
    with pytest.raises(InDoubt):
        client.composite([WRITE])


def test_a_refused_composite_is_an_exception(client: Client, org: ScriptedOrg) -> None:
    org.will(refusing(403, "API_DISABLED_FOR_ORG"))
    with pytest.raises(NeedsPerson):
        client.composite([READ])
