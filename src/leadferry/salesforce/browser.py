"""How a person lets the client in with a browser, and takes it back: the web server flow with PKCE
(Salesforce help, "OAuth 2.0 Web Server Flow for Web App Integration"; RFC 7636)."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode

from leadferry.salesforce.addresses import origin
from leadferry.salesforce.errors import AuthorizationRefused
from leadferry.salesforce.oauth import Identity, exchange, withdraw
from leadferry.salesforce.transport import Timeouts, Transport
from leadferry.salesforce.verdicts import ADMINISTRATOR
from leadferry.salesforce.wire import Wire

SCOPE = "api refresh_token"


@dataclass(frozen=True, kw_only=True)
class LoginStarted:
    """Where to send the person's browser, and what to keep for when it comes back."""

    address: str
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What the person granted: a refresh token for RefreshToken, and on whose behalf."""

    refresh_token: str = field(repr=False)
    identity: Identity


@dataclass(frozen=True, kw_only=True)
class BrowserLogin:
    """One app's way in; `redirect_uri` must be registered with the app, letter for letter."""

    login_url: str
    client_id: str
    client_secret: str | None = field(repr=False)
    redirect_uri: str

    def __post_init__(self) -> None:
        origin(self.login_url)

    def start(self) -> LoginStarted:
        """A new login; compare `state` when the browser comes back. Sends nothing."""
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = f"{origin(self.login_url)}/services/oauth2/authorize?{urlencode(asked)}"
        return LoginStarted(address=address, state=state, code_verifier=verifier)

    def finish(
        self,
        code: str,
        code_verifier: str,
        *,
        transport: Transport | None = None,
        timeout: Timeouts | None = None,
    ) -> Granted:
        """The grant for the code that the browser brought; a code works once, within 15 minutes.

        Raises AuthorizationRefused for a late or used code, TryLater when the login must be started again.
        """
        wire = Wire(timeout or Timeouts(), transport)
        try:
            token = exchange(wire, origin(self.login_url), self._form(code, code_verifier), once_only=True)
        finally:
            wire.close()
        if token.refresh_token is None:
            raise AuthorizationRefused(
                "Salesforce granted no refresh token",
                fix="Allow the scopes 'api' and 'refresh_token' in the app.",
                who=ADMINISTRATOR,
            )
        return Granted(refresh_token=token.refresh_token, identity=token.identity)

    def _form(self, code: str, code_verifier: str) -> dict[str, str]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": code_verifier,
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
        }
        return fields | ({"client_secret": self.client_secret} if self.client_secret else {})


def revoke(
    login_url: str,
    refresh_token: str,
    *,
    transport: Transport | None = None,
    timeout: Timeouts | None = None,
) -> None:
    """End a grant and all its access tokens; one that is dead already is fine. Raises TryLater."""
    wire = Wire(timeout or Timeouts(), transport)
    try:
        withdraw(wire, origin(login_url), refresh_token)
    finally:
        wire.close()
