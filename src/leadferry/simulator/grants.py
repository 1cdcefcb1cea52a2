"""Grants of people: codes from the consent page, refresh tokens, rotation, and what ends them."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from leadferry.simulator import clients, sessions
from leadferry.simulator.errors import OAuthError
from leadferry.simulator.org import Org
from leadferry.simulator.sessions import Session

_CODE_LIFE = 15 * 60
_EXPIRED = "expired access/refresh token"


def issue_code(org: Org, asked: Mapping[str, str]) -> str:
    """A code for one exchange within 15 minutes; `asked` are the parameters of the authorize call."""
    code = "aPrx" + secrets.token_urlsafe(40) + "=="
    kept = {name: asked.get(name, "") for name in ("client_id", "redirect_uri", "scope", "code_challenge")}
    org.store.put("code", code, kept | {"until": org.seconds() + _CODE_LIFE})
    return code


def redeem_code(org: Org, form: Mapping[str, str]) -> tuple[Session, dict[str, str]]:
    """The session, and the refresh token, for a code."""
    code = form.get("code", "")
    kept = org.store.document("code", code)
    org.store.drop("code", code)
    if kept is None or kept["until"] <= org.seconds():
        raise OAuthError("invalid_grant", "expired authorization code")
    _check_verifier(kept["code_challenge"], form.get("code_verifier", ""))
    client = clients.authenticated(org, form, secret_needed=not kept["code_challenge"])
    if client["client_id"] != kept["client_id"]:
        raise OAuthError("invalid_grant", "invalid authorization code")
    if form.get("redirect_uri") != kept["redirect_uri"]:
        raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
    scope = kept["scope"] or "refresh_token api"
    return _opened(org, client["client_id"], scope)


def _check_verifier(challenge: str, verifier: str) -> None:
    if not challenge:
        return
    if not verifier:
        raise OAuthError("invalid_grant", "code verifier missing")
    digest = hashlib.sha256(verifier.encode()).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge.rstrip("="):
        raise OAuthError("invalid_request", "invalid code verifier")


def _opened(org: Org, client_id: str, scope: str) -> tuple[Session, dict[str, str]]:
    if not {"refresh_token", "offline_access"} & set(scope.split()):
        return sessions.open_session(org, client_id=client_id, scope=scope), {}
    grant = f"grant{org.store.count_up('grant'):06d}"
    org.store.put("grant", grant, {"client_id": client_id, "scope": scope})
    _end_oldest(org, client_id)
    session = sessions.open_session(org, client_id=client_id, scope=scope, grant=grant)
    return session, {"refresh_token": _refresh_token(org, grant)}


def _refresh_token(org: Org, grant: str) -> str:
    token = "5Aep861" + secrets.token_urlsafe(48)
    org.store.put("refresh", token, {"grant": grant, "spent": False})
    return token


def _end_oldest(org: Org, client_id: str) -> None:
    """A person has a handful of grants per application; one more silently ends the oldest."""
    own = [key for key, each in org.store.documents("grant").items() if each["client_id"] == client_id]
    for grant in sorted(own)[: -org.settings.max_grants]:
        end_grant(org, grant)


def refreshed(org: Org, form: Mapping[str, str]) -> tuple[Session, dict[str, str]]:
    """A new session for a refresh token; with rotation also a new refresh token, the old one being spent."""
    client = clients.authenticated(org, form, secret_needed=False)
    token = form.get("refresh_token", "")
    kept = org.store.document("refresh", token)
    grant = org.store.document("grant", kept["grant"]) if kept else None
    if kept is None or grant is None or grant["client_id"] != client["client_id"]:
        raise OAuthError("invalid_grant", _EXPIRED)
    if kept["spent"]:
        raise ReusedTokenError(kept["grant"])
    extra = {}
    if client.get("rotation", org.settings.refresh_rotation):
        org.store.put("refresh", token, kept | {"spent": True})
        extra = {"refresh_token": _refresh_token(org, kept["grant"])}
    session = sessions.open_session(
        org, client_id=client["client_id"], scope=grant["scope"], grant=kept["grant"]
    )
    return session, extra


class ReusedTokenError(OAuthError):
    """A rotated refresh token came again, the sign of a theft: its whole grant has to end."""

    def __init__(self, grant: str) -> None:
        super().__init__("invalid_grant", _EXPIRED)
        self.grant = grant


def end_grant(org: Org, grant: str) -> None:
    """Ends a grant with its refresh tokens and sessions."""
    org.store.drop("grant", grant)
    sessions.end_all(org, grant=grant)
    stored: dict[str, Any] = org.store.documents("refresh")
    for token, each in stored.items():
        if each["grant"] == grant:
            org.store.drop("refresh", token)


def revoke(org: Org, token: str) -> None:
    """Ends an access token, or a refresh token with its whole grant; raises OAuthError for another text."""
    kept = org.store.document("refresh", token)
    if kept is not None:
        end_grant(org, kept["grant"])
    elif sessions.living(org, token) is not None:
        sessions.end(org, token)
    else:
        raise OAuthError("invalid_token", "invalid token")
