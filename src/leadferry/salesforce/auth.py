"""The three ways to be let in (OAuth 2.0 flows without a person present)."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from leadferry.salesforce.addresses import origin
from leadferry.salesforce.errors import AuthorizationRefused
from leadferry.salesforce.verdicts import CONFIGURATOR

# Salesforce refuses an assertion that lives much longer than its recommended three minutes.
_ASSERTION_SECONDS = 180


@dataclass(frozen=True, kw_only=True)
class ClientCredentials:
    """The client-credentials flow; the login URL must be the org's My Domain, and the app names the user."""

    login_url: str
    client_id: str
    client_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        origin(self.login_url)

    def form(self) -> dict[str, str]:
        """The fields of the token request."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }


@dataclass(frozen=True, kw_only=True)
class JwtBearer:
    """The JWT bearer flow; the user must be pre-authorized. `audience` defaults to the login URL."""

    login_url: str
    client_id: str
    username: str
    private_key_pem: str = field(repr=False)
    audience: str | None = None

    def __post_init__(self) -> None:
        origin(self.login_url)

    def form(self) -> dict[str, str]:
        """The fields of the token request; raises AuthorizationRefused when the key cannot sign."""
        return {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": self._assertion(),
        }

    def _assertion(self) -> str:
        import jwt  # noqa: PLC0415 - loads cryptography, which the other flows do without

        claims = {
            "iss": self.client_id,
            "sub": self.username,
            "aud": self.audience or origin(self.login_url),
            "exp": int(time.time()) + _ASSERTION_SECONDS,
        }
        try:
            return jwt.encode(claims, self.private_key_pem, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            # Not chained: the library's error may quote the key.
            raise AuthorizationRefused(
                "The private key cannot be read as an RSA key in PEM form",
                fix="Store the private key that belongs to the certificate uploaded to the app.",
                who=CONFIGURATOR,
            ) from None


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """A grant a person gave once in a browser (the web server flow).

    `on_rotated` receives each new refresh token and must have stored it when it returns: the access token
    that came with it is not used before. `rotates` says whether the app rotates refresh tokens; unknown
    (None) counts as yes until a refresh shows otherwise, and then a refresh whose answer was lost is never
    repeated, because Salesforce revokes the whole grant when a spent token comes back (help article
    005316711).
    Where several processes share the grant, `exclusively` opens a lock around one refresh and yields the
    newest stored token.
    """

    login_url: str
    client_id: str
    client_secret: str | None = field(repr=False)
    refresh_token: str = field(repr=False)
    on_rotated: Callable[[str], None] = field(repr=False, compare=False)
    rotates: bool | None = field(default=None, compare=False)
    exclusively: Callable[[], AbstractContextManager[str]] | None = field(
        default=None, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        origin(self.login_url)

    def form(self, refresh_token: str) -> dict[str, str]:
        """The fields of the token request for one refresh token."""
        fields = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": self.client_id}
        return fields | ({"client_secret": self.client_secret} if self.client_secret else {})


Authorization = ClientCredentials | JwtBearer | RefreshToken
