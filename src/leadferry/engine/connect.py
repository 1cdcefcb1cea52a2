"""A Salesforce client for a site, from its stored settings and credentials."""

import httpx2

from leadferry.contacts.models import Site
from leadferry.ledger import vault
from leadferry.ledger.settings import Connection, SiteSettings
from leadferry.salesforce import Authorization, Client, ClientCredentials, JwtBearer, NeedsPerson


class NotConnected(NeedsPerson):
    """The site has no connection to Salesforce, or lacks a credential for it."""


def connect(site: Site, settings: SiteSettings, *, transport: httpx2.BaseTransport | None = None) -> Client:
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
        authorization(site, connection),
        api_version=connection.api_version,
        transport=transport,
        auto_assign={"off": "FALSE", "on": "TRUE"}.get(rule, rule),
        allow_duplicates=settings.replication.duplicate_rule == "allow",
    )


def authorization(site: Site, connection: Connection) -> Authorization:
    """The credentials of the site's flow. Raises NotConnected when one is missing or cannot be decrypted."""
    secrets = _secrets(site)
    if connection.flow == "jwt_bearer":
        return JwtBearer(
            login_url=connection.login_url,
            client_id=connection.client_id,
            username=connection.username,
            private_key_pem=_needed(site, secrets, "private_key"),
            audience=connection.audience or None,
        )
    if connection.flow == "client_credentials":
        return ClientCredentials(
            login_url=connection.login_url,
            client_id=connection.client_id,
            client_secret=_needed(site, secrets, "client_secret"),
        )
    raise NotConnected(
        f"site {site.code} has not been connected in the browser",
        fix="Connect the site to Salesforce in the console.",
        who="Whoever may sign in to the organization",
    )


def _secrets(site: Site) -> dict[str, str]:
    try:
        return vault.secrets(site)
    except vault.VaultError as fault:
        raise NotConnected(str(fault), who="Whoever configures Leadferry") from fault


def _needed(site: Site, secrets: dict[str, str], name: str) -> str:
    if name not in secrets:
        raise NotConnected(
            f"site {site.code} has no {name} stored",
            fix=f"Set {name} in [site.{site.code}.salesforce] and apply the file.",
            who="Whoever configures Leadferry",
        )
    return secrets[name]
