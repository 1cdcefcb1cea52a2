"""What every request says about itself."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from leadferry.salesforce import Client, ClientCredentials
from leadferry.simulator import InProcess

from .scripted import Reply, ScriptedOrg, granting, saved

Connect = Callable[..., Client]
LONG_ROW = [b'{"LastName":"' + b"x" * 2000 + b'"}']


def sent(client: Client, org: ScriptedOrg, rows: list[bytes] | None = None) -> dict[str, str]:
    org.will(saved(1))
    client.create_rows(rows or [b"{}"])
    return dict(org.calls[-1].headers)


def test_a_write_says_who_writes_and_that_nothing_is_assigned(client: Client, org: ScriptedOrg) -> None:
    headers = sent(client, org)
    assert headers["authorization"] == "Bearer 00D!1"
    assert headers["content-type"] == "application/json"
    assert headers["sforce-auto-assign"] == "FALSE"
    assert headers["sforce-mru"] == "updateMru=false"
    assert headers["sforce-call-options"] == "client=leadferry"
    assert headers["accept-encoding"] == "gzip"
    assert "sforce-duplicate-rule-header" not in headers


def test_duplicates_are_saved_when_allowed(org: ScriptedOrg, connect: Connect) -> None:
    assert sent(connect(allow_duplicates=True), org)["sforce-duplicate-rule-header"] == "allowSave=true"


@pytest.mark.parametrize("rule", ["TRUE", "01Qxx0000000001AAA"])
def test_an_assignment_rule_is_named(org: ScriptedOrg, connect: Connect, rule: str) -> None:
    assert sent(connect(auto_assign=rule), org)["sforce-auto-assign"] == rule


def test_assignment_may_be_left_to_salesforce(org: ScriptedOrg, connect: Connect) -> None:
    assert "sforce-auto-assign" not in sent(connect(auto_assign=None), org)


def test_a_read_changes_nothing_and_carries_no_body(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body={}))
    client.limits()
    headers = org.calls[0].headers
    assert not {"sforce-auto-assign", "content-type", "content-length"} & set(headers)


def test_the_pinned_version_is_in_every_address(org: ScriptedOrg, connect: Connect) -> None:
    sent(connect(api_version="67.0"), org)
    assert org.calls[0].path == "/services/data/v67.0/composite/sobjects"


def test_cookies_are_not_kept(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body={}, headers={"Set-Cookie": "BrowserId=x; path=/"}), Reply(body={}))
    client.limits()
    client.limits()
    assert "cookie" not in org.calls[1].headers


@pytest.mark.parametrize(
    ("options", "instance", "compressed"),
    [
        ({}, "http://localhost", False),
        ({}, "https://acme.my.salesforce.com", True),
        ({"compress": True}, "http://localhost", True),
        ({"compress": False}, "https://acme.my.salesforce.com", False),
    ],
)
def test_a_long_body_is_compressed_where_the_way_is_long(
    org: ScriptedOrg, connect: Connect, options: dict[str, bool], instance: str, compressed: bool
) -> None:
    org.will_grant(granting(instance_url=instance))
    headers = sent(connect(**options), org, LONG_ROW)
    assert (headers.get("content-encoding") == "gzip") is compressed
    assert int(headers["content-length"]) == len(org.calls[0].raw)
    assert org.calls[0].json["records"][0]["LastName"] == "x" * 2000


def test_a_short_body_is_never_worth_compressing(org: ScriptedOrg, connect: Connect) -> None:
    org.will_grant(granting(instance_url="https://acme.my.salesforce.com"))
    assert "content-encoding" not in sent(connect(), org)


def test_a_compressed_answer_is_understood(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body=gzip.compress(b'{"DailyApiRequests":{}}'), headers={"Content-Encoding": "gzip"}))
    assert client.limits() == {"DailyApiRequests": {}}


@pytest.mark.parametrize(
    "options",
    [{"api_version": "66"}, {"api_version": "v66.0"}, {"client_name": "a\r\nb"}, {"auto_assign": "a b"}],
)
def test_what_no_request_could_carry_is_refused_at_once(
    credentials: ClientCredentials, options: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"must look like|cannot be sent"):
        Client(credentials, transport=InProcess(ScriptedOrg()), **options)


def test_a_warning_of_salesforce_is_kept(client: Client, org: ScriptedOrg) -> None:
    said = '299 - "This API version is deprecated"'
    org.will(Reply(body={}, headers={"Warning": said}), Reply(body={}))
    assert client.warning == ""
    client.limits()
    client.limits()
    assert client.warning == said
