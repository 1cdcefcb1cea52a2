"""Replaces how a site signs in, as a configuration file would; secrets go in and never come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import tomli_w
from django.db import transaction

from leadferry.contacts.models import Site
from leadferry.ledger import access, configuration, vault
from leadferry.ledger.settings import effective

SECRET_OF = {
    "web_server": "client_secret",
    "client_credentials": "client_secret",
    "jwt_bearer": "private_key",
}


class SecretNeeded(Exception):
    """A stored secret is not sent to another address, or for another application, than it was stored for."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The table `[site.CODE.salesforce]` as it is to be; an empty `secret` keeps the stored one."""

    flow: str
    table: Mapping[str, str]
    secret: str = field(default="", repr=False)


def replace(site: Site, wanted: Wanted, *, by: str, at: datetime) -> None:
    """Make the site sign in so. Raises ConfigurationError, and SecretNeeded; nothing is changed then."""
    name = SECRET_OF[wanted.flow]
    with transaction.atomic():
        kept = None if wanted.secret else _kept(site, wanted, name)
        secret = wanted.secret or kept
        table = {"flow": wanted.flow, **wanted.table, **({name: secret} if secret else {})}
        reference = vault.reference(site.code, name)
        text = tomli_w.dumps({"site": {site.code: {"salesforce": table}}})
        configuration.apply(text, now=at, environ={}, user=by)
        if kept:
            vault.refer(site.code, name, reference)
        if wanted.secret:
            access.note_credentials(site, by=by, at=at)


def _kept(site: Site, wanted: Wanted, name: str) -> str | None:
    """The site's own stored secret, if it stays in use. Raises SecretNeeded where it must be given anew.

    Otherwise whoever may edit the address could have the secret sent to a host of their own.
    """
    stored, now = vault.secrets(site).get(name), effective(site).connection
    there = (wanted.table["login_url"].rstrip("/"), wanted.table["client_id"])
    if stored and (now is None or (now.login_url, now.client_id) != there):
        raise SecretNeeded
    return vault.read(site.code, name)
