"""Letting a site into its organization and taking that back: by browser, by credentials, by confirmation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.engine.connect import connect
from leadferry.engine.doctor import ERROR, OK, Finding, examine
from leadferry.engine.refresh import NotConnected
from leadferry.ledger import access, consents, grants, organizations, vault
from leadferry.ledger.access import Grant
from leadferry.ledger.consents import Begun
from leadferry.ledger.settings import Connection, effective
from leadferry.salesforce import (
    AuthorizationRefused,
    BrowserLogin,
    Granted,
    Identity,
    SalesforceError,
    Transport,
    revoke,
)

OWN_SECRETS = {
    "client_credentials": ("client_secret",),
    "jwt_bearer": ("private_key",),
    # The secret of the application is the configuration's; what the browser brought is forgotten.
    "web_server": (),
}


class OtherOrganization(AuthorizationRefused):
    """The person signed in to another organization than the one that the site belongs to."""


@dataclass(frozen=True, kw_only=True)
class Connected:
    """Where a sign-in led to; `warnings` are sentences about what did not work beside it."""

    identity: Identity
    warnings: tuple[str, ...]


def begin(site: Site, *, callback: str, session: str, at: datetime) -> str:
    """The address to send the browser to; the way back is good once, for `session`, for ten minutes.

    Raises NotConnected when the site is not set to be connected in the browser.
    """
    connection = _by_browser(site)
    started = _login(site, connection, callback).start()
    begun = Begun(
        site=site,
        login_url=connection.login_url,
        client_id=connection.client_id,
        code_verifier=started.code_verifier,
    )
    consents.begin(begun, state=started.state, session=session, at=at)
    return started.address


def finish(
    begun: Begun,
    code: str,
    *,
    callback: str,
    by: str,
    clock: Callable[[], datetime],
    transport: Transport | None = None,
) -> Connected:
    """Connect the site by the code that the browser brought.

    The grant before is revoked. A grant of another organization is revoked instead, and nothing changes:
    OtherOrganization. Raises SalesforceError when Salesforce refuses the code or cannot be reached.
    """
    site, connection = begun.site, _by_browser(begun.site)
    if (connection.login_url, connection.client_id) != (begun.login_url, begun.client_id):
        raise NotConnected("The connection was changed meanwhile", fix="Connect again.", who="You")
    granted = _login(site, connection, callback).finish(code, begun.code_verifier, transport=transport)
    _check_organization(site, connection, granted, transport)
    before, its_address = grants.token(site), access.of(site).login_url
    given = Grant(
        token=granted.refresh_token,
        login_url=connection.login_url,
        client_id=connection.client_id,
        user_id=granted.identity.user_id,
        instance_url=granted.identity.instance_url,
    )
    access.grant(site, given, by=by, at=clock())
    pinned = organizations.of(site)
    if granted.identity.org_id and (pinned.moving or not pinned.org_id):
        organizations.adopt(site, granted.identity.org_id, at=clock())
    warnings = _named(site, clock=clock, transport=transport)
    if before and before != granted.refresh_token and _is_original(site):
        warnings += _revoked(its_address or connection.login_url, before, transport)
    return Connected(identity=granted.identity, warnings=tuple(warnings))


def test(site: Site, *, clock: Callable[[], datetime], transport: Transport | None = None) -> list[Finding]:
    """What `doctor` finds; on the way, as whom the site is let in is learnt. Costs one API call."""
    found = list(examine(site, clock=clock, transport=transport))
    if any(each.check == "connection" and each.level == OK for each in found):
        for warning in _named(site, clock=clock, transport=transport):
            found.append(Finding(level="warning", check="user", message=warning))
    return sorted(found, key=lambda each: each.level != ERROR)


def disconnect(
    site: Site, *, by: str, at: datetime, revoked: bool = True, transport: Transport | None = None
) -> None:
    """Revoke the grant and forget the site's own credentials.

    Raises TryLater, with nothing forgotten, when Salesforce cannot be reached; without `revoked`, and in a
    copied installation, it is not asked. Raises NotConnected when the site has no credentials of its own.
    """
    names = _to_forget(site)
    if not names:
        raise NotConnected(
            f"site {site.code} has no credentials of its own",
            fix="Take the credentials out of the global default.",
            who="Whoever configures Leadferry",
        )
    token = grants.token(site)
    if token and revoked and _is_original(site):
        revoke(access.of(site).login_url, token, transport=transport)
    access.forget(site, names, by=by, at=at)


def _is_original(site: Site) -> bool:
    """Whether the stored grant is this installation's: a copy must not end the grant of its original."""
    return organizations.of(site).installation in ("", organizations.here())


def can_be_disconnected(site: Site) -> bool:
    """Whether there is something to forget."""
    return bool(_to_forget(site))


def _to_forget(site: Site) -> tuple[str, ...]:
    connection = effective(site).connection
    names = (grants.TOKEN, *OWN_SECRETS.get(connection.flow if connection else "", ()))
    return tuple(name for name in names if vault.has(site.code, name))


def _by_browser(site: Site) -> Connection:
    connection = effective(site).connection
    if connection is None or connection.flow != "web_server":
        raise NotConnected(
            f"site {site.code} is not set to be connected in the browser",
            fix="Set the address and the application for the browser first.",
            who="An administrator of the site",
        )
    return connection


def _login(site: Site, connection: Connection, callback: str) -> BrowserLogin:
    return BrowserLogin(
        login_url=connection.login_url,
        client_id=connection.client_id,
        client_secret=vault.secrets(site).get("client_secret"),
        redirect_uri=callback,
    )


def _check_organization(
    site: Site, connection: Connection, granted: Granted, transport: Transport | None
) -> None:
    pinned, met = organizations.of(site), granted.identity.org_id
    if not pinned.org_id or pinned.moving or pinned.org_id == met:
        return
    left = _revoked(connection.login_url, granted.refresh_token, transport)
    raise OtherOrganization(
        " ".join(
            [f"You signed in to organization {met or '(unknown)'}, but this site belongs to", pinned.org_id]
        )
        + ". Nothing was changed"
        + "".join(f". {each}" for each in left),
        fix="Sign out of Salesforce and connect again as a user of the right organization; if the site is to "
        "write to another organization from now on, confirm that first.",
        who="You",
    )


def _named(site: Site, *, clock: Callable[[], datetime], transport: Transport | None) -> list[str]:
    """Learn what the user is called; what went wrong, in sentences."""
    try:
        with connect(site, effective(site), clock=clock, transport=transport) as client:
            identity = client.connect()
            access.learn(site, identity.user_id, identity.instance_url, at=clock())
            access.name(site, client.username())
    except SalesforceError as fault:
        return [f"The user's name could not be read: {fault}."]
    return []


def _revoked(login_url: str, token: str, transport: Transport | None) -> list[str]:
    try:
        revoke(login_url, token, transport=transport)
    except SalesforceError as fault:
        return [f"A grant that is not needed could not be revoked: {fault}. Revoke it in Salesforce's setup."]
    return []
