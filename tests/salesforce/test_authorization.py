"""How a token is got, shared, replaced and refused."""

from __future__ import annotations

import threading
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from leadferry.salesforce import (
    AuthorizationRefused,
    Client,
    ClientCredentials,
    JwtBearer,
    RefreshToken,
    TryLater,
)

from .scripted import LOGIN, Call, Reply, ScriptedOrg, granting, page, refusing, refusing_grant

Connect = Callable[..., Client]
EXPIRED = refusing(401, "INVALID_SESSION_ID", "Session expired or invalid")
DESCRIBED = Reply(body={"fields": []})


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def bearers(org: ScriptedOrg) -> list[str]:
    return [call.headers["authorization"] for call in org.calls]


def test_no_token_is_asked_for_before_the_first_call(client: Client, org: ScriptedOrg) -> None:
    assert (org.token_calls, client.identity) == ([], None)


def test_connecting_tells_org_user_and_host_and_costs_nothing(client: Client) -> None:
    identity = client.connect()
    assert (identity.org_id, identity.user_id) == ("00Dxx0000000001EAA", "005xx0000000001AAA")
    assert identity == client.identity and identity.instance_url == LOGIN and client.calls == 0


def test_client_credentials_send_the_pair(client: Client, org: ScriptedOrg) -> None:
    client.connect()
    assert org.token_calls[0].form == {
        "grant_type": "client_credentials",
        "client_id": "3MVG9example",
        "client_secret": "s3cret",
    }


def test_a_jwt_bearer_signs_who_asks_for_whom(org: ScriptedOrg, connect: Connect, private_key: str) -> None:
    flow = JwtBearer(login_url=LOGIN, client_id="k", username="i@acme.example", private_key_pem=private_key)
    connect(flow).connect()
    form = org.token_calls[0].form
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    public = serialization.load_pem_private_key(private_key.encode(), None).public_key()
    claims = jwt.decode(form["assertion"], public, algorithms=["RS256"], audience=LOGIN)
    assert (claims["iss"], claims["sub"]) == ("k", "i@acme.example")
    assert jwt.get_unverified_header(form["assertion"])["alg"] == "RS256"


def test_an_unreadable_private_key_asks_for_a_person_without_quoting_it(connect: Connect) -> None:
    flow = JwtBearer(login_url=LOGIN, client_id="k", username="u", private_key_pem="garbled-key")
    with pytest.raises(AuthorizationRefused) as caught:
        connect(flow).connect()
    assert "garbled" not in f"{caught.value}{caught.value.fix}"


def test_one_token_serves_all_clients_of_a_credential(org: ScriptedOrg, connect: Connect) -> None:
    org.will(DESCRIBED, DESCRIBED)
    with connect() as first:
        first.describe("Lead")
    connect().describe("Lead")
    assert len(org.token_calls) == 1


def test_threads_that_start_together_ask_for_one_token(org: ScriptedOrg, connect: Connect) -> None:
    org.will(*[DESCRIBED] * 8)
    client, gate = connect(), threading.Barrier(8)

    def describe() -> None:
        gate.wait(5)
        client.describe("Lead")

    threads = [threading.Thread(target=describe) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(org.token_calls) == 1 and client.calls == 8


def test_an_expired_session_is_renewed_once_and_the_call_replayed(client: Client, org: ScriptedOrg) -> None:
    org.will(EXPIRED, DESCRIBED)
    client.describe("Lead")
    assert bearers(org) == ["Bearer 00D!1", "Bearer 00D!2"]


def test_a_second_401_ends_in_a_person(client: Client, org: ScriptedOrg) -> None:
    org.will(EXPIRED, EXPIRED)
    with pytest.raises(AuthorizationRefused) as caught:
        client.describe("Lead")
    assert caught.value.code == "INVALID_SESSION_ID" and len(org.calls) == 2


def test_the_next_call_after_a_refused_session_asks_for_a_new_token(client: Client, org: ScriptedOrg) -> None:
    org.will(EXPIRED, EXPIRED, DESCRIBED)
    with pytest.raises(AuthorizationRefused):
        client.describe("Lead")
    client.describe("Lead")
    assert len(org.token_calls) == 3


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
        ("INVALID_SESSION_ID", "Connected app is not attached to Agent"),
        ("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"),
    ],
)
def test_a_401_that_a_new_token_cannot_mend_is_not_replayed(
    client: Client, org: ScriptedOrg, code: str, message: str
) -> None:
    org.will(refusing(401, code, message))
    with pytest.raises(AuthorizationRefused):
        client.describe("Lead")
    assert len(org.token_calls) == 1 and len(org.calls) == 1


def test_an_xml_401_is_renewed_too(client: Client, org: ScriptedOrg) -> None:
    org.will(Reply(status=401, body=b"<x>LOGIN_OAUTH_INVALID_TOKEN</x>", kind="application/xml"), DESCRIBED)
    assert client.describe("Lead") is not None


@pytest.mark.parametrize(
    ("error", "description", "fix"),
    [
        ("invalid_grant", "no client credentials user enabled", "run-as user"),
        ("invalid_grant", "user hasn't approved this consumer", "Pre-authorize"),
        ("invalid_grant", "inactive user", "Activate the integration user"),
        ("invalid_grant", "expired access/refresh token", "Connect to Salesforce again"),
        ("invalid_client_id", "client identifier invalid", "client id"),
        ("invalid_client", "invalid client credentials", "client secret"),
        ("invalid_app_access", "user is not admin approved to access this app", "approve or install"),
        ("unsupported_grant_type", "grant type not supported", "Enable this flow"),
        ("brand_new_error", None, "settings"),
    ],
)
def test_a_refused_grant_says_what_to_mend(
    client: Client, org: ScriptedOrg, error: str, description: str | None, fix: str
) -> None:
    org.will_grant(refusing_grant(error, description))
    with pytest.raises(AuthorizationRefused) as caught:
        client.describe("Lead")
    refused = caught.value
    assert refused.code == error and fix in refused.fix and refused.who
    assert (description or "no reason given") in str(refused)


@pytest.mark.parametrize(
    "grant",
    [
        page(503),
        page(200),
        page(404),
        Reply(status=500, body={"error": "x"}),
        Reply(body=b'{"access_token":'),
        Reply(body={"access_token": "with\nbreak", "instance_url": LOGIN}),
        refusing_grant("rate_limit_exceeded", "too many"),
    ],
)
def test_a_token_endpoint_that_cannot_answer_passes(client: Client, org: ScriptedOrg, grant: Reply) -> None:
    org.will_grant(grant)
    with pytest.raises(TryLater) as caught:
        client.describe("Lead")
    assert type(caught.value) is TryLater and client.calls == 0
    assert client.connect().org_id


def test_an_instance_that_is_not_https_is_refused(client: Client, org: ScriptedOrg) -> None:
    org.will_grant(granting(instance_url="http://evil.example"))
    with pytest.raises(AuthorizationRefused, match="not https"):
        client.describe("Lead")
    assert org.calls == []


def test_no_secret_shows_in_a_repr(private_key: str) -> None:
    flows = [
        ClientCredentials(login_url=LOGIN, client_id="k", client_secret="s3cret"),
        JwtBearer(login_url=LOGIN, client_id="k", username="u", private_key_pem=private_key),
        RefreshToken(
            login_url=LOGIN, client_id="k", client_secret="s3cret", refresh_token="5Aep", on_rotated=print
        ),
    ]
    for flow in flows:
        assert not any(secret in repr(flow) for secret in ("s3cret", "5Aep", "PRIVATE KEY"))


def test_no_token_shows_in_an_error(client: Client, org: ScriptedOrg) -> None:
    def quoting(call: Call) -> Reply:
        return Reply(status=500, body=b"{" + call.headers["authorization"].encode())

    org.will(quoting)
    with pytest.raises(TryLater) as caught:
        client.describe("Lead")
    assert "00D!" not in f"{caught.value} {caught.value!r} {caught.value.__dict__}"
