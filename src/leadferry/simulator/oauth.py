"""The token endpoint: client credentials, signed assertions, codes and refresh tokens for access tokens."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from leadferry.simulator import clients, sessions
from leadferry.simulator.assertions import subject_of
from leadferry.simulator.errors import OAuthError
from leadferry.simulator.grants import ReusedTokenError, end_grant, redeem_code, refreshed
from leadferry.simulator.org import Org
from leadferry.simulator.sessions import Session

_SCOPE = "api"


def token(org: Org, form: Mapping[str, str], *, base_url: str) -> dict[str, str]:
    """The answer of POST token; raises OAuthError. `form` holds the credentials, wherever they came."""
    kind = form.get("grant_type", "")
    if not kind:
        raise OAuthError("invalid_request", "missing required parameter: grant_type")
    if kind not in _FLOWS:
        raise OAuthError("unsupported_grant_type", "grant type not supported")
    try:
        with org.store.atomic():
            session, extra = _FLOWS[kind](org, form, base_url)
    except ReusedTokenError as theft:
        end_grant(org, theft.grant)
        raise
    return {**answer(org, session, base_url=base_url, secret=form.get("client_secret", "")), **extra}


def answer(org: Org, session: Session, *, base_url: str, secret: str) -> dict[str, str]:
    """A token answer: all values are text, and nothing says when the token expires."""
    identity = f"{base_url}/id/{org.id}/{org.user_id}"
    issued = str(int(session.opened * 1000))
    digest = hmac.new(secret.encode(), (identity + issued).encode(), hashlib.sha256).digest()
    return {
        "access_token": session.token,
        "signature": base64.b64encode(digest).decode(),
        "scope": session.scope,
        "instance_url": org.settings.instance_url or base_url,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued,
    }


def _client_credentials(org: Org, form: Mapping[str, str], base_url: str) -> tuple[Session, dict[str, str]]:
    client = clients.authenticated(org, form)
    return sessions.open_session(org, client_id=client["client_id"], scope=_SCOPE), {}


def _assertion(org: Org, form: Mapping[str, str], base_url: str) -> tuple[Session, dict[str, str]]:
    client_id = subject_of(org, form.get("assertion", ""), base_url=base_url)
    return sessions.open_session(org, client_id=client_id, scope=_SCOPE), {}


def _code(org: Org, form: Mapping[str, str], base_url: str) -> tuple[Session, dict[str, str]]:
    return redeem_code(org, form)


def _refresh(org: Org, form: Mapping[str, str], base_url: str) -> tuple[Session, dict[str, str]]:
    return refreshed(org, form)


Flow = Callable[[Org, Mapping[str, str], str], tuple[Session, dict[str, Any]]]
_FLOWS: dict[str, Flow] = {
    "client_credentials": _client_credentials,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": _assertion,
    "authorization_code": _code,
    "refresh_token": _refresh,
}
