import base64
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from leadferry.simulator import Org

from .caller import HOST, Caller, error_of

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEAD = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def assertion(key: rsa.RSAPrivateKey, **claims: Any) -> str:
    usual = {"iss": "app", "sub": "ada@engines.example", "aud": HOST, "exp": int(time.time()) + 180}
    return jwt.encode(usual | claims, key, algorithm="RS256")


def test_a_token_answer_names_the_organization_and_no_expiry(sf: Caller) -> None:
    body = sf.token(grant_type="client_credentials", client_id="app", client_secret="s3cret").json()
    assert body["access_token"].startswith(f"{sf.org.id[:15]}!")
    assert body["instance_url"] == HOST
    assert body["id"].split("/")[-2:] == [sf.org.id, sf.org.user_id]
    assert "expires_in" not in body
    assert all(isinstance(value, str) for value in body.values())


def test_the_first_secret_of_a_client_becomes_its_secret(sf: Caller) -> None:
    answer = sf.token(grant_type="client_credentials", client_id="app", client_secret="other")
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_client", "error_description": "invalid client credentials"}


def test_credentials_may_come_as_http_basic(sf: Caller) -> None:
    pair = base64.b64encode(b"basic:pass").decode()
    headers = {"Authorization": f"Basic {pair}"}
    form = {"grant_type": "client_credentials"}
    assert sf.http.post("/services/oauth2/token", data=form, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client_id"),
        ({"grant_type": "client_credentials", "client_id": "new"}, "invalid_client"),
        ({"grant_type": "refresh_token", "client_id": "app", "refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": JWT_BEARER, "assertion": "x.y.z"}, "invalid_grant"),
    ],
)
def test_a_wrong_token_request_is_refused(sf: Caller, form: dict[str, str], error: str) -> None:
    answer = sf.token(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_session_ends_when_its_life_is_over() -> None:
    now = [1_000_000_000.0]
    sf = Caller(Org(clock=lambda: now[0]))
    assert sf.call("GET", "limits").status_code == 200
    now[0] += 7200
    answer = sf.call("GET", "limits")
    assert (answer.status_code, answer.json()) == (401, DEAD)


def test_a_sliding_session_lives_on_while_it_is_used(sf: Caller) -> None:
    sf.control("PATCH", "settings", session_slides=True)
    for _ in range(3):
        sf.control("POST", "clock", advance=5000)
        assert sf.call("GET", "limits").status_code == 200


def test_a_refused_session_costs_nothing(sf: Caller) -> None:
    answer = sf.call("GET", "limits", headers={"Authorization": "Bearer nonsense"})
    assert answer.json() == DEAD
    assert "Sforce-Limit-Info" not in answer.headers
    assert sf.org.calls() == 0


def test_another_kind_of_authorization_is_a_malformed_header(sf: Caller) -> None:
    answer = sf.call("GET", "limits", headers={"Authorization": "Basic abc"})
    assert error_of(answer) == (401, "INVALID_AUTH_HEADER")


def test_an_assertion_signed_with_the_registered_key_signs_in(
    sf: Caller, private_key: rsa.RSAPrivateKey
) -> None:
    sf.control("POST", "clients", client_id="app", public_key=public_pem(private_key))
    answer = sf.token(grant_type=JWT_BEARER, assertion=assertion(private_key))
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()


@pytest.mark.parametrize(
    ("claims", "text"),
    [
        ({"aud": "https://elsewhere.example"}, "audience validation failed"),
        ({"exp": int(time.time()) - 1}, "expired authorization code"),
        ({"exp": int(time.time()) + 3600}, "expired authorization code"),
        ({"sub": ""}, "user hasn't approved this consumer"),
    ],
)
def test_a_wrong_claim_is_refused(
    sf: Caller, private_key: rsa.RSAPrivateKey, claims: dict[str, Any], text: str
) -> None:
    answer = sf.token(grant_type=JWT_BEARER, assertion=assertion(private_key, **claims))
    assert answer.json() == {"error": "invalid_grant", "error_description": text}


def test_an_assertion_signed_by_somebody_else_is_refused(sf: Caller, private_key: rsa.RSAPrivateKey) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    sf.control("POST", "clients", client_id="app", public_key=public_pem(stranger))
    answer = sf.token(grant_type=JWT_BEARER, assertion=assertion(private_key))
    assert answer.json()["error"] == "invalid_grant"


def test_a_revoked_token_is_dead(sf: Caller) -> None:
    token = sf.headers["Authorization"].removeprefix("Bearer ")
    assert sf.http.post("/services/oauth2/revoke", data={"token": token}).content == b""
    assert sf.call("GET", "limits").status_code == 401
    assert sf.http.post("/services/oauth2/revoke", data={"token": token}).json()["error"] == "invalid_token"


def test_introspection_tells_when_a_token_ends(sf: Caller) -> None:
    token = sf.headers["Authorization"].removeprefix("Bearer ")
    form = {"token": token, "client_id": "app", "client_secret": "s3cret"}
    body = sf.http.post("/services/oauth2/introspect", data=form).json()
    assert (body["active"], body["exp"] - body["iat"]) == (True, 7200)
    dead = sf.http.post("/services/oauth2/introspect", data=form | {"token": "x"}).json()
    assert dead == {"active": False}


def test_the_identity_of_a_token_can_be_asked(sf: Caller) -> None:
    info = sf.call("GET", "/services/oauth2/userinfo").json()
    assert info["organization_id"] == sf.org.id
    identity = sf.call("GET", f"/id/{sf.org.id}/{sf.org.user_id}").json()
    assert identity["username"] == info["preferred_username"]
    assert sf.call("GET", "/services/oauth2/userinfo", headers={"Authorization": "x"}).status_code == 403


def test_data_calls_may_live_on_another_host_than_the_login(sf: Caller) -> None:
    sf.control("PATCH", "settings", instance_url="http://instance.example")
    answer = sf.token(grant_type="client_credentials", client_id="app", client_secret="s3cret")
    assert answer.json()["instance_url"] == "http://instance.example"
