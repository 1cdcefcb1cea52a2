"""SOQL, page by page."""

from __future__ import annotations

from itertools import islice
from urllib.parse import parse_qs

import pytest

from leadferry.salesforce import Client, Rejected, TryLater

from .scripted import Reply, ScriptedOrg, refusing

NEXT = "/services/data/v66.0/query/01gxx0000000001-2000"


def answer(*ids: str, following: object = None) -> Reply:
    body: dict[str, object] = {"totalSize": 3, "done": following is None, "records": [{"Id": i} for i in ids]}
    return Reply(body=body | ({"nextRecordsUrl": following} if following else {}))


def test_pages_are_followed_to_the_last(client: Client, org: ScriptedOrg) -> None:
    org.will(answer("a", "b", following=NEXT), answer("c"))
    assert [record["Id"] for record in client.query("SELECT Id FROM Lead")] == ["a", "b", "c"]
    assert [call.path for call in org.calls] == ["/services/data/v66.0/query", NEXT]
    assert client.calls == 2


def test_a_page_is_asked_for_when_it_is_needed(client: Client, org: ScriptedOrg) -> None:
    org.will(answer("a", "b", following=NEXT))
    assert [record["Id"] for record in islice(client.query("SELECT Id FROM Lead"), 2)] == ["a", "b"]
    assert client.calls == 1


def test_somebody_is_asked_before_each_page_and_may_end_the_query(client: Client, org: ScriptedOrg) -> None:
    org.will(answer("a", following=NEXT), answer("b"))
    asked: list[int] = []

    def before_call() -> None:
        asked.append(client.calls)
        if client.calls:
            raise RuntimeError("enough")

    found = client.query("SELECT Id FROM Lead", before_call=before_call)
    assert next(found)["Id"] == "a"
    with pytest.raises(RuntimeError, match="enough"):
        next(found)
    assert (asked, len(org.calls)) == ([0, 1], 1)


def test_the_query_travels_unharmed(client: Client, org: ScriptedOrg) -> None:
    soql = "SELECT Id FROM Lead WHERE LastName = 'O\\'Neill & Sons +1 Ø'"
    org.will(answer())
    assert list(client.query(soql)) == []
    assert parse_qs(org.calls[0].query) == {"q": [soql]}


def test_deleted_records_are_included_on_request(client: Client, org: ScriptedOrg) -> None:
    org.will(answer("a"))
    assert len(list(client.query("SELECT Id FROM Lead", include_deleted=True))) == 1
    assert org.calls[0].path == "/services/data/v66.0/queryAll"


@pytest.mark.parametrize("following", ["https://evil.example/x", "//evil.example", "@evil.example/", 7])
def test_a_next_page_on_another_host_is_not_followed(
    client: Client, org: ScriptedOrg, following: object
) -> None:
    org.will(answer("a", following=following))
    with pytest.raises(TryLater, match="no usable next page"):
        list(client.query("SELECT Id FROM Lead"))
    assert len(org.calls) == 1


def test_a_page_that_leads_back_to_itself_ends_the_query(client: Client, org: ScriptedOrg) -> None:
    org.will(answer("a", following=NEXT), answer("b", following=NEXT))
    with pytest.raises(TryLater):
        list(client.query("SELECT Id FROM Lead"))


def test_a_malformed_query_is_refused(client: Client, org: ScriptedOrg) -> None:
    org.will(refusing(400, "MALFORMED_QUERY", "unexpected token: FORM"))
    with pytest.raises(Rejected, match="unexpected token"):
        list(client.query("SELECT Id FORM Lead"))
