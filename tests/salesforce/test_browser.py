"""A person lets the client in with a browser, and takes it back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from leadferry.salesforce import (
    AuthorizationRefused,
    BrowserLogin,
    Client,
    RefreshToken,
    Transport,
    TryLater,
    revoke,
)
from leadferry.simulator import InProcess, Org, create_app

from .scripted import LOGIN, ScriptedOrg, granting, page, refusing_grant

BACK = "http://localhost:9000/callback"


@pytest.fixture
def transport() -> Transport:
    org = Org()
    org.change_settings({"require_pkce": True, "refresh_rotation": True})
    return InProcess(create_app(org))


@pytest.fixture
def login() -> BrowserLogin:
    return BrowserLogin(login_url=LOGIN, client_id="k", client_secret="s3cret", redirect_uri=BACK)


def consent(transport: Transport, address: str) -> dict[str, str]:
    """What the browser brings back after the person pressed Allow."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    form, headers = (
        urlencode(asked | {"decision": "allow"}),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = transport.request("POST", f"{LOGIN}/services/oauth2/authorize", headers, form.encode())
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def granted(transport: Transport, login: BrowserLogin) -> str:
    started = login.start()
    brought = consent(transport, started.address)
    assert brought["state"] == started.state
    return login.finish(brought["code"], started.code_verifier, transport=transport).refresh_token


def test_a_consented_login_gives_a_grant_that_works(transport: Transport, login: BrowserLogin) -> None:
    token, stored = granted(transport, login), list[str]()
    flow = RefreshToken(
        login_url=LOGIN, client_id="k", client_secret="s3cret", refresh_token=token, on_rotated=stored.append
    )
    assert Client(flow, transport=transport).limits()
    assert len(stored) == 1 and stored != [token]


def test_every_login_has_a_state_and_a_secret_of_its_own(login: BrowserLogin) -> None:
    first, second = login.start(), login.start()
    assert first.state != second.state and first.code_verifier != second.code_verifier
    assert first.code_verifier not in first.address and first.code_verifier not in repr(first)


def test_a_stolen_code_is_worth_nothing(transport: Transport, login: BrowserLogin) -> None:
    brought = consent(transport, login.start().address)
    with pytest.raises(AuthorizationRefused):
        login.finish(brought["code"], login.start().code_verifier, transport=transport)


def test_a_code_works_once(transport: Transport, login: BrowserLogin) -> None:
    started = login.start()
    code = consent(transport, started.address)["code"]
    login.finish(code, started.code_verifier, transport=transport)
    with pytest.raises(AuthorizationRefused, match="expired authorization code"):
        login.finish(code, started.code_verifier, transport=transport)


def test_a_grant_without_refresh_token_is_of_no_use(org: ScriptedOrg, login: BrowserLogin) -> None:
    org.will_grant(granting())
    with pytest.raises(AuthorizationRefused, match="no refresh token"):
        login.finish("code", "verifier", transport=InProcess(org))


def test_a_revoked_grant_is_refused(transport: Transport, login: BrowserLogin) -> None:
    token = granted(transport, login)
    revoke(LOGIN, token, transport=transport)
    flow = RefreshToken(
        login_url=LOGIN, client_id="k", client_secret="s3cret", refresh_token=token, on_rotated=[].append
    )
    with pytest.raises(AuthorizationRefused):
        Client(flow, transport=transport).connect()


@pytest.mark.parametrize("code", ["invalid_token", "unsupported_token_type"])
def test_revoking_what_is_dead_is_fine(org: ScriptedOrg, code: str) -> None:
    org.will(refusing_grant(code))
    revoke(LOGIN, "5Aep", transport=InProcess(org))
    assert org.calls[0].form == {"token": "5Aep"}


def test_a_revocation_that_was_not_answered_passes(org: ScriptedOrg) -> None:
    org.will(page(503))
    with pytest.raises(TryLater):
        revoke(LOGIN, "5Aep", transport=InProcess(org))
