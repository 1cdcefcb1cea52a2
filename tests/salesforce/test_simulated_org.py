"""The client against an org that keeps its records, at the wire."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import pytest

from leadferry.salesforce import (
    AuthorizationRefused,
    Client,
    ClientCredentials,
    InDoubt,
    LimitReached,
    NeedsPerson,
    NotFound,
    Rejected,
    SubRequest,
    TryLater,
)
from leadferry.simulator import InProcess, Org, create_app

KEY = "LeadferryId__c"


@pytest.fixture
def simulated() -> Org:
    return Org()


@pytest.fixture
def client(simulated: Org) -> Iterator[Client]:
    credentials = ClientCredentials(
        login_url="http://localhost", client_id="leadferry-client", client_secret="leadferry-secret"
    )
    with Client(credentials, transport=InProcess(create_app(simulated))) as connected:
        yield connected


def row(key: str, **fields: object) -> bytes:
    lead = {"attributes": {"type": "Lead"}, KEY: key, "LastName": "Ada", "Company": "Acme"}
    return orjson.dumps(lead | fields)


def rows(count: int) -> list[bytes]:
    return [row(f"{number:032x}") for number in range(count)]


def names(client: Client) -> list[str]:
    return [str(record["LastName"]) for record in client.query("SELECT LastName FROM Lead")]


def test_leads_are_created_then_updated_by_their_key(client: Client) -> None:
    first = client.upsert_rows("Lead", KEY, [row("a"), row("b")])
    again = client.upsert_rows("Lead", KEY, [row("a", LastName="Ada King"), row("c")])
    assert [each["created"] for each in first + again] == [True, True, False, True]
    assert again[0]["id"] == first[0]["id"] and client.calls == 2
    assert sorted(names(client)) == ["Ada", "Ada", "Ada King"]


def test_a_thousand_leads_cost_one_call(client: Client) -> None:
    results = client.upsert_rows("Lead", KEY, rows(1000))
    assert all(each["success"] for each in results) and client.calls == 1
    assert len({each["id"] for each in results}) == 1000
    assert client.usage is not None and client.usage.used == 1


def test_a_refused_lead_does_not_stop_the_others(client: Client) -> None:
    good, bad = client.upsert_rows("Lead", KEY, [row("a"), row("b", LastName=None)])
    assert good["success"] and not bad["success"]
    assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert bad["errors"][0]["fields"] == ["LastName"]


def test_one_record_lives_and_dies(client: Client) -> None:
    made = client.upsert("Lead", KEY, "a", {"LastName": "Ada", "Company": "Acme"})
    assert made.created and not client.upsert("Lead", KEY, "a", {"City": "Brno"}).created
    client.update("Lead", made.id, {"City": None, "Title": "Director"})
    found = client.retrieve_rows("Lead", [made.id], ["City", "Title"])[0]
    assert found is not None and (found["City"], found["Title"]) == (None, "Director")
    client.delete("Lead", made.id)
    with pytest.raises(NotFound):
        client.delete("Lead", made.id)
    assert [
        each["IsDeleted"] for each in client.query("SELECT IsDeleted FROM Lead", include_deleted=True)
    ] == [True]


def test_rows_are_created_updated_and_deleted_by_id(client: Client) -> None:
    made = client.create_rows([row("a"), row("b")])
    changed = [
        orjson.dumps({"attributes": {"type": "Lead"}, "id": each["id"], "LastName": "Cy"}) for each in made
    ]
    assert all(each["success"] for each in client.update_rows(changed)) and names(client) == ["Cy", "Cy"]
    assert all(each["success"] for each in client.delete_rows([each["id"] for each in made]))
    assert names(client) == []


def test_the_describe_is_read_once_and_then_only_when_it_changed(client: Client) -> None:
    described = client.describe("Lead")
    assert described is not None and described.last_modified
    assert KEY in {field["name"] for field in described.content["fields"]}
    assert client.describe("Lead", if_modified_since=described.last_modified) is None


def test_the_org_offers_the_pinned_version_and_tells_its_limits(client: Client) -> None:
    assert "66.0" in {each["version"] for each in client.versions()} and client.calls == 0
    assert client.limits()["DailyApiRequests"]["Max"] > 0


def test_a_composite_mixes_requests(client: Client) -> None:
    answers = client.composite(
        [
            SubRequest(method="POST", path="/sobjects/Lead", reference_id="new", body=row("a")),
            SubRequest(method="GET", path="/sobjects/Laed/describe", reference_id="none"),
        ]
    )
    assert [answer.status for answer in answers] == [201, 404] and client.calls == 1


def test_a_missing_key_field_needs_a_person(client: Client) -> None:
    with pytest.raises(NeedsPerson, match="no external ID field Nope__c on Lead"):
        client.upsert_rows("Lead", "Nope__c", rows(1))


def test_a_wrong_secret_is_refused(client: Client, simulated: Org) -> None:
    client.connect()
    wrong = ClientCredentials(login_url="http://localhost", client_id="leadferry-client", client_secret="no")
    intruder = Client(wrong, transport=InProcess(create_app(simulated)))
    with pytest.raises(AuthorizationRefused) as caught:
        intruder.limits()
    assert caught.value.fix == "Correct the client secret."


@pytest.mark.parametrize(
    ("fault", "kind", "charged"),
    [
        ("status_420", TryLater, 0),
        ("status_502", TryLater, 0),
        ("status_503", TryLater, None),
        ("garbage", TryLater, None),
        ("concurrent_limit", TryLater, None),
        ("daily_limit", LimitReached, None),
        ("api_disabled", NeedsPerson, None),
        ("invalid_session_forever", AuthorizationRefused, None),
        ("json_parser_error", Rejected, 1),
        ("reset_before", InDoubt, 1),
        ("reset_after", InDoubt, 1),
        ("truncated", InDoubt, 1),
    ],
)
def test_a_fault_of_the_org_says_what_to_do_next(
    client: Client, simulated: Org, fault: str, kind: type[Exception], charged: int | None
) -> None:
    client.connect()
    simulated.faults.add(fault, times=None)
    with pytest.raises(kind):
        client.upsert_rows("Lead", KEY, rows(2))
    assert charged is None or client.calls == charged
    simulated.faults.clear()
    assert all(each["success"] for each in client.upsert_rows("Lead", KEY, rows(2)))


def test_an_expired_session_is_not_noticed(client: Client, simulated: Org) -> None:
    client.connect()
    simulated.faults.add("session_expired")
    assert client.upsert_rows("Lead", KEY, rows(1))[0]["success"] and client.calls == 1


def test_what_the_client_counts_is_what_the_org_charges(client: Client) -> None:
    client.upsert_rows("Lead", KEY, rows(500))
    list(client.query("SELECT Id FROM Lead"))
    client.describe("Lead")
    with pytest.raises(Rejected):
        list(client.query("SELECT FROM"))
    assert client.usage is not None and client.usage.used == client.calls == 4
