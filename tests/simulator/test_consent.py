import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from .caller import Caller

BACK = "https://ferry.example/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "web",
    "redirect_uri": BACK,
    "state": "r4nd",
    "scope": "api refresh_token",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def decide(sf: Caller, decision: str, **changes: str) -> dict[str, list[str]]:
    """What the browser carries back after a decision on the consent page."""
    answer = sf.http.post("/services/oauth2/authorize", data={**ASKED, **changes, "decision": decision})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(BACK)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def exchange(sf: Caller, code: str, **changes: str) -> httpx2.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": "web",
        "client_secret": "s",
        "redirect_uri": BACK,
    }
    return sf.token(**{**form, "code": code, "code_verifier": VERIFIER, **changes})


def refresh(sf: Caller, token: str) -> httpx2.Response:
    return sf.token(grant_type="refresh_token", refresh_token=token, client_id="web", client_secret="s")


@pytest.fixture
def code(sf: Caller) -> str:
    return decide(sf, "allow")["code"][0]


@pytest.fixture
def granted(sf: Caller, code: str) -> dict[str, str]:
    return exchange(sf, code).json()


def test_the_consent_page_offers_both_answers(sf: Caller) -> None:
    page = sf.http.get("/services/oauth2/authorize", params=ASKED)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "value='allow'" in page.text and "value='deny'" in page.text


def test_a_refusal_goes_back_with_its_reason(sf: Caller) -> None:
    said = decide(sf, "deny")
    assert (said["error"], said["state"]) == (["access_denied"], ["r4nd"])


def test_a_code_buys_an_access_and_a_refresh_token(sf: Caller, granted: dict[str, str]) -> None:
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert sf.call("GET", "limits", headers=headers).status_code == 200
    assert granted["refresh_token"]


def test_a_code_is_good_once(sf: Caller, code: str) -> None:
    exchange(sf, code)
    assert exchange(sf, code).json()["error_description"] == "expired authorization code"


def test_a_code_is_good_for_fifteen_minutes(sf: Caller, code: str) -> None:
    sf.control("POST", "clock", advance=15 * 60)
    assert exchange(sf, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 64}, "invalid_request"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": BACK + "/"}, "redirect_uri_mismatch"),
        ({"client_id": "other"}, "invalid_grant"),
    ],
)
def test_a_code_is_bound_to_what_was_asked(
    sf: Caller, code: str, changes: dict[str, str], error: str
) -> None:
    assert exchange(sf, code, **changes).json()["error"] == error


def test_another_address_than_the_registered_one_ends_on_an_error_page(sf: Caller, code: str) -> None:
    page = sf.http.get("/services/oauth2/authorize", params=ASKED | {"redirect_uri": "https://thief.example"})
    assert page.status_code == 400
    assert "redirect_uri_mismatch" in page.text


def test_a_code_challenge_can_be_demanded(sf: Caller) -> None:
    sf.control("PATCH", "settings", require_pkce=True)
    page = sf.http.get("/services/oauth2/authorize", params=ASKED | {"code_challenge": ""})
    assert "missing required code challenge" in page.text


def test_consent_can_be_given_beforehand(sf: Caller) -> None:
    sf.control("PATCH", "settings", consent="allow")
    answer = sf.http.get("/services/oauth2/authorize", params=ASKED)
    assert "code=" in answer.headers["Location"]


def test_without_rotation_a_refresh_token_serves_again(sf: Caller, granted: dict[str, str]) -> None:
    first, second = refresh(sf, granted["refresh_token"]), refresh(sf, granted["refresh_token"])
    assert (first.status_code, second.status_code) == (200, 200)
    assert "refresh_token" not in first.json()


def test_a_rotated_refresh_token_that_comes_again_ends_the_grant(sf: Caller, granted: dict[str, str]) -> None:
    sf.control("PATCH", "settings", refresh_rotation=True)
    renewed = refresh(sf, granted["refresh_token"]).json()
    assert renewed["refresh_token"] != granted["refresh_token"]
    assert refresh(sf, granted["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(sf, renewed["refresh_token"]).json()["error"] == "invalid_grant"
    headers = {"Authorization": f"Bearer {renewed['access_token']}"}
    assert sf.call("GET", "limits", headers=headers).status_code == 401


def test_the_sixth_grant_of_a_client_ends_the_first(sf: Caller, granted: dict[str, str]) -> None:
    later = [exchange(sf, decide(sf, "allow")["code"][0]).json() for _ in range(5)]
    assert refresh(sf, granted["refresh_token"]).status_code == 400
    assert [refresh(sf, each["refresh_token"]).status_code for each in later] == [200] * 5


def test_revoking_a_refresh_token_kills_its_access_tokens(sf: Caller, granted: dict[str, str]) -> None:
    sf.http.post("/services/oauth2/revoke", data={"token": granted["refresh_token"]})
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert sf.call("GET", "limits", headers=headers).status_code == 401
