"""The token endpoint: one form post, one token, and what its refusals mean (OAuth 2.0, Salesforce help
"OAuth Authorization Flows" and "OAuth 2.0 Error Codes")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from leadferry.salesforce.addresses import origin
from leadferry.salesforce.errors import LONGEST_TEXT, AuthorizationRefused, SalesforceError, TryLater
from leadferry.salesforce.verdicts import ADMINISTRATOR, CONFIGURATOR
from leadferry.salesforce.wire import Answer, Wire, lost

_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "application/json",
    "User-Agent": "leadferry",
}
_PASSING = frozenset({"rate_limit_exceeded", "server_error", "temporarily_unavailable", "unknown_error"})
_ALREADY_DEAD = frozenset({"invalid_token", "unsupported_token_type"})
_CONNECT_AGAIN = "Connect to Salesforce again."


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """On whose behalf, and in which org, the client acts."""

    org_id: str
    user_id: str
    instance_url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What one answer of the token endpoint granted."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    identity: Identity


# (error, part of its description) -> (what to do, who can); the first row that fits.
FIXES: tuple[tuple[str, str, str, str], ...] = (
    ("invalid_grant", "no client credentials user", "Name a run-as user in the app's policy.", ADMINISTRATOR),
    (
        "invalid_grant",
        "hasn't approved",
        "Pre-authorize the user's profile in the app's policy.",
        ADMINISTRATOR,
    ),
    ("invalid_grant", "audience", "Correct the audience: the login host of this org.", CONFIGURATOR),
    ("invalid_grant", "inactive user", "Activate the integration user, or connect another.", ADMINISTRATOR),
    ("invalid_grant", "inactive organization", "Reactivate the org, or connect another.", ADMINISTRATOR),
    (
        "invalid_grant",
        "ip restricted",
        "Allow this server's address in the app or the profile.",
        ADMINISTRATOR,
    ),
    (
        "invalid_grant",
        "expired authorization code",
        "Check user name, key and clock of this server.",
        CONFIGURATOR,
    ),
    ("invalid_grant", "", _CONNECT_AGAIN, CONFIGURATOR),
    ("invalid_client_id", "", "Correct the client id; a new app needs some minutes to work.", CONFIGURATOR),
    ("invalid_client", "", "Correct the client secret.", CONFIGURATOR),
    ("unsupported_grant_type", "", "Enable this flow in the app's OAuth settings.", ADMINISTRATOR),
    ("inactive_user", "", "Activate the integration user, or connect another.", ADMINISTRATOR),
    ("inactive_org", "", "Reactivate the org, or connect another.", ADMINISTRATOR),
    ("invalid_app_access", "", "Let an administrator approve or install the app in the org.", ADMINISTRATOR),
    ("invalid_scope", "", "Allow the scopes 'api' and 'refresh_token' in the app.", ADMINISTRATOR),
    ("redirect_uri_mismatch", "", "Register this server's callback address in the app.", ADMINISTRATOR),
    ("", "uninstalled", "Let an administrator approve or install the app in the org.", ADMINISTRATOR),
    ("", "must approve", "Let an administrator approve or install the app in the org.", ADMINISTRATOR),
    ("", "", "Check the connection's settings against the app in Salesforce.", CONFIGURATOR),
)


def exchange(wire: Wire, login_url: str, form: Mapping[str, str], *, once_only: bool = False) -> Token:
    """The token for a grant.

    `once_only` marks a grant that is spent by being sent: a lost answer is then InDoubt, not TryLater. Raises
    AuthorizationRefused for an OAuth error, TryLater for everything that may pass.
    """
    url = f"{login_url}/services/oauth2/token"
    answer = wire.send("POST", url, _HEADERS, urlencode(form).encode(), write=once_only)
    if answer.status != 200:
        raise _refusal(answer)
    return _token(answer)


def withdraw(wire: Wire, login_url: str, token: str) -> None:
    """Revoke a token; one that Salesforce does not know is fine. Raises TryLater for no answer."""
    body = urlencode({"token": token}).encode()
    answer = wire.send("POST", f"{login_url}/services/oauth2/revoke", _HEADERS, body, write=False)
    refused = _refusal(answer) if answer.status != 200 else None
    if refused is not None and refused.code not in _ALREADY_DEAD:
        raise refused


def _token(answer: Answer) -> Token:
    granted = answer.json()
    if not isinstance(granted, dict):
        raise lost("The token endpoint's answer is not an object", answer.write, answer.status)
    access, refresh, instance, who = (
        granted.get(key) for key in ("access_token", "refresh_token", "instance_url", "id")
    )
    if not (_is_opaque(access) and isinstance(instance, str)):
        raise lost("The token endpoint's answer holds no usable token", answer.write, answer.status)
    identity = _identity(str(who or ""), _host(instance))
    return Token(
        access_token=str(access),
        refresh_token=str(refresh) if _is_opaque(refresh) else None,
        identity=identity,
    )


def _is_opaque(token: object) -> bool:
    # Visible ASCII only: anything else is an illegal header, and the HTTP library quotes those in its errors.
    return isinstance(token, str) and token != "" and all("!" <= letter <= "~" for letter in token)


def _host(instance_url: str) -> str:
    try:
        return origin(instance_url)
    except ValueError as error:
        raise AuthorizationRefused(
            "The token answer names an instance address that is not https",
            fix="Check the login URL: it does not lead to Salesforce.",
            who=CONFIGURATOR,
        ) from error


def _identity(identity_url: str, instance_url: str) -> Identity:
    # The last two segments of the identity URL are org and user (Salesforce help, "Identity URLs").
    org_id, user_id = ["", "", *urlsplit(identity_url).path.split("/")][-2:]
    return Identity(org_id=org_id, user_id=user_id, instance_url=instance_url)


def _refusal(answer: Answer) -> SalesforceError:
    try:
        said = answer.json()
    except TryLater:
        said = None
    if answer.status >= 500 or not isinstance(said, dict) or not said.get("error"):
        sentence = f"The login host does not answer as Salesforce does (HTTP {answer.status})"
        return lost(sentence, answer.write and answer.status == 504, answer.status)
    code, description = str(said["error"]), str(said.get("error_description") or "")[:LONGEST_TEXT]
    sentence = f"Salesforce refused the authorization: {description or 'no reason given'} ({code})"
    if code in _PASSING:
        return TryLater(sentence, code=code, message=description, status=answer.status)
    fix, who = _fix(code, description.lower())
    return AuthorizationRefused(
        sentence, code=code, message=description, status=answer.status, fix=fix, who=who
    )


def _fix(code: str, description: str) -> tuple[str, str]:
    return next((fix, who) for error, part, fix, who in FIXES if error in ("", code) and part in description)
