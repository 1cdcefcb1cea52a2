"""What Salesforce charges for, and what its answers tell of the allowance."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leadferry.salesforce import Client, SalesforceError, Usage

from .scripted import Reply, ScriptedOrg, page, refusing, saved

Connect = Callable[..., Client]
ROW = [b'{"attributes":{"type":"Lead"}}']
EXPIRED = refusing(401, "INVALID_SESSION_ID")


def unannounced(reply: Reply) -> Reply:
    return Reply(status=reply.status, body=reply.body, kind=reply.kind, usage=None)


@pytest.mark.parametrize(
    ("reply", "charged"),
    [
        (saved(1), 1),
        (unannounced(saved(1)), 1),
        (refusing(400, "JSON_PARSER_ERROR"), 1),
        (unannounced(refusing(400, "JSON_PARSER_ERROR")), 0),
        (unannounced(refusing(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")), 0),
        (refusing(503, "SERVER_UNAVAILABLE"), 1),
        (Reply(body=b'[{"success":tr'), 1),
        (Reply(body=b'[{"success":tr', kind="", usage=None), 1),
        (page(420), 0),
        (page(502), 0),
        (page(200), 0),
        (Reply(status=503, kind="", usage=None), 0),
    ],
)
def test_what_tells_usage_or_was_done_is_charged_and_nothing_else(
    client: Client, org: ScriptedOrg, reply: Reply, charged: int
) -> None:
    org.will(reply)
    try:
        client.create_rows(ROW)
    except SalesforceError as error:
        assert reply.status >= 400 or error.status == 200
    assert client.calls == charged


def test_a_refused_session_is_not_charged(client: Client, org: ScriptedOrg) -> None:
    org.will(unannounced(EXPIRED), saved(1))
    client.create_rows(ROW)
    assert client.calls == 1


def test_the_list_of_versions_is_free(client: Client, org: ScriptedOrg) -> None:
    listed = [{"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"}]
    org.will(Reply(body=listed, usage=None))
    assert client.versions() == listed and client.calls == 0
    assert "authorization" not in org.calls[0].headers


@pytest.mark.parametrize(
    "header",
    [
        "api-usage=18/5000",
        "api-usage=18/5000; per-app-api-usage=17/250(appName=Contact Sync)",
        "per-app-api-usage=17/250(appName=Contact Sync); api-bursts=1/750; api-usage=18/5000",
    ],
)
def test_usage_is_read_from_any_order_of_the_header(client: Client, org: ScriptedOrg, header: str) -> None:
    org.will(Reply(body={}, usage=header))
    client.limits()
    assert client.usage == Usage(used=18, allowed=5000)


def test_usage_stays_when_an_answer_does_not_tell_it(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(body={}), Reply(body={}, usage=None))
    client.limits()
    client.limits()
    assert client.usage == Usage(used=18, allowed=5000) and client.calls == 2


def test_every_charged_answer_is_reported_with_its_usage(org: ScriptedOrg, connect: Connect) -> None:
    heard: list[Usage | None] = []
    client = connect(on_answer=heard.append)
    org.will(Reply(body={}, usage="api-usage=8408/15000"), Reply(body={}, usage=None), page(502))
    client.limits()
    client.limits()
    with pytest.raises(SalesforceError):
        client.limits()
    assert heard == [Usage(used=8408, allowed=15000), None]
