"""How a site and its organization stand to each other, as the page shows it; never a secret."""

from dataclasses import dataclass
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.engine.access import can_be_disconnected
from leadferry.engine.credentials import SECRET_OF
from leadferry.ledger import access, grants, organizations, vault
from leadferry.ledger.models import Access
from leadferry.ledger.settings import Connection, effective

FLOWS = {
    "web_server": "In the browser (authorization code with PKCE)",
    "client_credentials": "Client credentials",
    "jwt_bearer": "JWT bearer (a certificate)",
}
CONNECTED, UNTRIED, LOST, NOT_CONNECTED, NOT_SET = (
    ("connected", "success"),
    ("not tried yet", "info"),
    ("to be connected again", "danger"),
    ("not connected", "warning"),
    ("not set up", "warning"),
)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """`org_id` is the organization that the site is pinned to; `here` whether this installation is, too."""

    state: str
    look: str
    connection: Connection | None
    flow: str
    secret: str
    org_id: str
    moving: bool
    here: bool
    instance_url: str
    username: str
    user_id: str
    since: datetime | None
    by: str
    can_be_disconnected: bool


def shown(site: Site) -> Shown:
    connection, known, pinned = effective(site).connection, access.of(site), organizations.of(site)
    state, look = _state(site, connection, known)
    return Shown(
        state=state,
        look=look,
        connection=connection,
        flow=FLOWS.get(connection.flow, connection.flow) if connection else "",
        secret=_secret(site, connection),
        org_id=pinned.org_id,
        moving=pinned.moving,
        here=not pinned.installation or pinned.installation == organizations.here(),
        instance_url=known.instance_url,
        username=known.username,
        user_id=known.user_id,
        since=known.since,
        by=known.by,
        can_be_disconnected=can_be_disconnected(site),
    )


def _state(site: Site, connection: Connection | None, known: Access) -> tuple[str, str]:
    if connection is None:
        return NOT_SET
    if connection.flow != "web_server":
        if not _stored(site, SECRET_OF[connection.flow]):
            return NOT_CONNECTED
        return CONNECTED if known.since else UNTRIED
    if not vault.has(site.code, grants.TOKEN):
        return NOT_CONNECTED
    moved = (known.login_url, known.client_id) != (connection.login_url, connection.client_id)
    # A refresh under way is in doubt, too, until it is answered.
    lost = known.doubt and known.rotates is not False and not known.owner
    return LOST if moved or lost else CONNECTED


def _stored(site: Site, name: str) -> bool:
    return vault.has(site.code, name) or vault.has("", name)


def _secret(site: Site, connection: Connection | None) -> str:
    name = SECRET_OF.get(connection.flow, "") if connection else ""
    if vault.has(site.code, name):
        return "stored, encrypted"
    return "inherited from all sites" if vault.has("", name) else "none"
