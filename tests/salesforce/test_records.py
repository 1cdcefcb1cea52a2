"""One record at a time."""

from __future__ import annotations

import pytest

from leadferry.salesforce import Client, InDoubt, NeedsPerson, NotFound, Rejected, SeveralMatches, Upserted

from .scripted import Reply, ScriptedOrg, refusing, saved

ROOT = "/services/data/v66.0/sobjects/Lead"
LEAD = "00Qxx0000000017EAA"
DONE = Reply(status=204, kind="")


def result(**more: object) -> Reply:
    return Reply(status=201, body={"id": LEAD, "success": True, "errors": []} | more)


def test_a_record_is_created(client: Client, org: ScriptedOrg) -> None:
    org.will(result())
    assert client.create("Lead", {"LastName": "Ito"}) == LEAD
    assert (org.calls[0].method, org.calls[0].path, org.calls[0].json) == ("POST", ROOT, {"LastName": "Ito"})


def test_a_record_is_updated_and_deleted_by_id(client: Client, org: ScriptedOrg) -> None:
    org.will(DONE, DONE)
    client.update("Lead", LEAD, {"Title": None})
    client.delete("Lead", LEAD)
    assert [call.method for call in org.calls] == ["PATCH", "DELETE"]
    assert {call.path for call in org.calls} == {f"{ROOT}/{LEAD}"} and client.calls == 2


@pytest.mark.parametrize("created", [True, False])
def test_an_upsert_tells_whether_the_record_is_new(client: Client, org: ScriptedOrg, created: bool) -> None:
    org.will(result(created=created))
    assert client.upsert("Lead", "Ext__c", "a-17", {}) == Upserted(id=LEAD, created=created)
    assert (org.calls[0].method, org.calls[0].path) == ("PATCH", f"{ROOT}/Ext__c/a-17")


def test_a_key_with_a_slash_stays_one_segment(client: Client, org: ScriptedOrg) -> None:
    org.will(result())
    client.upsert("Lead", "Ext__c", "a/b?c=ü", {})
    assert org.calls[0].path == f"{ROOT}/Ext__c/a/b?c=ü" and org.calls[0].query == ""


@pytest.mark.parametrize("key", ["", ".", ".."])
def test_a_key_that_would_lead_elsewhere_is_refused(client: Client, key: str) -> None:
    with pytest.raises(ValueError, match="cannot be used as a key"):
        client.upsert("Lead", "Ext__c", key, {})


def test_a_key_held_twice_names_both_records(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(status=300, body=[f"{ROOT}/00Q1", f"{ROOT}/00Q2"]))
    with pytest.raises(SeveralMatches) as caught:
        client.upsert("Lead", "Ext__c", "a-17", {})
    assert caught.value.matches == (f"{ROOT}/00Q1", f"{ROOT}/00Q2")


def test_a_missing_key_field_needs_a_person(client: Client, org: ScriptedOrg) -> None:
    org.will(refusing(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible"))
    with pytest.raises(NeedsPerson, match="no external ID field Ext__c on Lead"):
        client.upsert("Lead", "Ext__c", "a-17", {})


def test_a_deleted_record_is_not_found(client: Client, org: ScriptedOrg) -> None:
    org.will(refusing(404, "ENTITY_IS_DELETED", "entity is deleted"))
    with pytest.raises(NotFound):
        client.upsert("Lead", "Ext__c", "a-17", {})


def test_a_success_that_says_it_failed_is_refused(client: Client, org: ScriptedOrg) -> None:
    error = {"statusCode": "STRING_TOO_LONG", "message": "too long", "fields": ["City"]}
    org.will(result(success=False, errors=[error]))
    with pytest.raises(Rejected) as caught:
        client.create("Lead", {})
    assert (caught.value.code, caught.value.fields) == ("STRING_TOO_LONG", ("City",))


def test_half_an_answer_to_a_write_is_in_doubt(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(status=201, body=b'{"id":"00Q'), saved(1))
    for _ in range(2):
        with pytest.raises(InDoubt):
            client.create("Lead", {})
