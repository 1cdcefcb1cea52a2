"""What the org's objects look like."""

from __future__ import annotations

import pytest

from leadferry.salesforce import Client, NotFound, TryLater

from .scripted import Reply, ScriptedOrg, refusing

CHANGED = "Tue, 24 Nov 2026 08:00:00 GMT"


def test_a_describe_comes_with_the_date_to_ask_with_next_time(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body={"name": "Lead", "fields": []}, headers={"Last-Modified": CHANGED}))
    described = client.describe("Lead")
    assert described is not None
    assert (described.content["name"], described.last_modified) == ("Lead", CHANGED)
    assert "if-modified-since" not in org.calls[0].headers


def test_an_unchanged_describe_is_none(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(status=304, kind=""))
    assert client.describe("Lead", if_modified_since=CHANGED) is None
    assert org.calls[0].headers["if-modified-since"] == CHANGED and client.calls == 1


def test_an_unknown_object_is_not_found(client: Client, org: ScriptedOrg) -> None:
    org.will(refusing(404, "NOT_FOUND", "The requested resource does not exist"))
    with pytest.raises(NotFound):
        client.describe("Laed")


@pytest.mark.parametrize("body", [b'{"fields":[', b"[]"])
def test_half_a_describe_passes(client: Client, org: ScriptedOrg, body: bytes) -> None:
    org.will(Reply(body=body))
    with pytest.raises(TryLater) as caught:
        client.describe("Lead")
    assert type(caught.value) is TryLater


@pytest.mark.parametrize("name", ["", "Lead/../User", "Lead?x", "1Lead", "Lead\n"])
def test_what_is_not_an_api_name_never_becomes_part_of_an_address(client: Client, name: str) -> None:
    with pytest.raises(ValueError, match="not the API name"):
        client.describe(name)
