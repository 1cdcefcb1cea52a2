"""A Salesforce client for a site, from its stored settings and credentials."""

from collections.abc import Callable
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.engine.refresh import NotConnected, SharedGrant, not_granted
from leadferry.ledger import access, grants, vault
from leadferry.ledger.keys import VaultError
from leadferry.ledger.settings import Connection, SiteSettings
from leadferry.salesforce import Authorization, Client, ClientCredentials, JwtBearer, RefreshToken, Transport

__all__ = ["NotConnected", "authorization", "connect"]

Clock = Callable[[], datetime]


def connect(
    site: Site, settings: SiteSettings, *, clock: Clock, transport: Transport | None = None
) -> Client:
    """A client that speaks for `site`. Raises NotConnected; nothing is sent before the first call."""
    connection = settings.connection
    if connection is None:
        raise NotConnected(
            f"site {site.code} is not connected to Salesforce",
            fix=f"Set login_url, flow and client_id in [site.{site.code}.salesforce].",
            who="Whoever configures Leadferry",
        )
    rule = settings.replication.assignment_rule
    return Client(
        authorization(site, connection, clock=clock),
        api_version=connection.api_version,
        transport=transport,
        auto_assign={"off": "FALSE", "on": "TRUE"}.get(rule, rule),
        allow_duplicates=settings.replication.duplicate_rule == "allow",
    )


def authorization(site: Site, connection: Connection, *, clock: Clock) -> Authorization:
    """The credentials of the site's flow. Raises NotConnected when one is missing or cannot be decrypted."""
    if connection.flow == "web_server":
        return _granted(site, connection, clock=clock)
    secrets = _secrets(site)
    if connection.flow == "jwt_bearer":
        return JwtBearer(
            login_url=connection.login_url,
            client_id=connection.client_id,
            username=connection.username,
            private_key_pem=_needed(site, secrets, "private_key"),
            audience=connection.audience or None,
        )
    return ClientCredentials(
        login_url=connection.login_url,
        client_id=connection.client_id,
        client_secret=_needed(site, secrets, "client_secret"),
    )


def _granted(site: Site, connection: Connection, *, clock: Clock) -> RefreshToken:
    """What a person granted in the browser; it is sent only where it came from."""
    known, token = access.of(site), grants.token(site)
    if token is None:
        raise not_granted(site)
    if (known.login_url, known.client_id) != (connection.login_url, connection.client_id):
        raise NotConnected(
            f"site {site.code} was connected through another address or application than it is set to now",
            fix="Connect the site anew in the console, on its page Organization.",
            who="An administrator of the site, who may sign in to the organization",
        )
    shared = SharedGrant(site=site, clock=clock)
    return RefreshToken(
        login_url=connection.login_url,
        client_id=connection.client_id,
        client_secret=_secrets(site).get("client_secret"),
        refresh_token=token,
        on_rotated=shared.rotated,
        rotates=known.rotates,
        exclusively=shared.exclusively,
    )


def _secrets(site: Site) -> dict[str, str]:
    try:
        return vault.secrets(site)
    except VaultError as fault:
        raise NotConnected(str(fault), who="Whoever configures Leadferry") from fault


def _needed(site: Site, secrets: dict[str, str], name: str) -> str:
    if name not in secrets:
        raise NotConnected(
            f"site {site.code} has no {name} stored",
            fix=f"Set {name} in [site.{site.code}.salesforce] and apply the file.",
            who="Whoever configures Leadferry",
        )
    return secrets[name]
