"""What only shows when a site's settings are seen together, with everything they inherit."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from leadferry.ledger.configuration.scopes import DEFAULT, Scope
from leadferry.ledger.settings import SiteSettings, combined

LOGIN_HOSTS = ("login.salesforce.com", "test.salesforce.com")
LIGHTNING = ".lightning.force.com"
REQUIRED = {
    "client_credentials": ("client_id", "client_secret"),
    "jwt_bearer": ("client_id", "username", "private_key"),
    "web_server": ("client_id",),
}
ALWAYS_REQUIRED = ("LastName", "Company")  # of every lead, whatever the org (Object Reference, Lead)

Wrong = Callable[[str, str], None]


@dataclass(frozen=True, kw_only=True)
class View:
    """A site as it will be: its own scope, the default's, and what the two come to."""

    site: Scope
    default: Scope

    @property
    def settings(self) -> SiteSettings:
        own, default = self.site.tables, self.default.tables
        return combined(self.site.code, self.site.display_name, own=own, default=default)

    @property
    def salesforce(self) -> Mapping[str, Any]:
        """The connection's keys in force, credentials included by name."""
        credentials = {**self.default.credentials, **self.site.credentials}
        return {**self.default.tables.salesforce, **self.site.tables.salesforce, **credentials}

    def path(self, table: str, key: str) -> str:
        """Where the key in force is set: at the site, unless only the default sets it."""
        inherited = key in getattr(self.default.tables, table) and key not in getattr(self.site.tables, table)
        return f"{(self.default if inherited else self.site).path}.{table}.{key}"


def check_scope(scope: Scope, wrong: Wrong) -> None:
    """Refuse what is wrong in a scope whatever it inherits."""
    _check_address(scope, wrong)


def _check_address(scope: Scope, wrong: Wrong) -> None:
    """Refuse a login address that Salesforce does not sign in at, or that would send secrets in the clear.

    Source: OAuth hosts; a Lightning host is not usable as an instance.
    """
    address = scope.tables.salesforce.get("login_url")
    if address is not None and (fault := _fault_of(address)):
        wrong(f"{scope.path}.salesforce.login_url", fault)


def _fault_of(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "is not an address; allowed: https://HOST"
    if host.endswith(LIGHTNING):
        return f"a host of *{LIGHTNING} takes no sign-in; use the My Domain, https://NAME.my.salesforce.com"
    if not host or _more_than_a_host(parts):
        return "allowed: https://HOST, with nothing after the host but a port"
    if parts.scheme == "https" or (parts.scheme == "http" and _loopback(host)):
        return ""
    return "allowed: https://HOST, or http on a loopback address"


def _more_than_a_host(parts: SplitResult) -> bool:
    return bool(parts.path or parts.query or parts.fragment or "@" in parts.netloc)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_site(view: View, wrong: Wrong) -> None:
    """Refuse settings that fit one by one and not together."""
    _check_connection(view, wrong)
    _check_qualification(view, wrong)


def _check_connection(view: View, wrong: Wrong) -> None:
    table = view.salesforce
    if not view.site.tables.salesforce and not view.settings.connection:
        return  # nothing of its own, and the default is only part of a connection
    for key in ("login_url", "flow", *REQUIRED.get(table.get("flow", ""), ("client_id",))):
        if key not in table:
            flow = f" by flow {table['flow']}" if "flow" in table else ""
            shown = "private_key_file" if key == "private_key" else key
            wrong(f"{view.site.path}.salesforce.{shown}", f"is missing; needed{flow}")


def _check_qualification(view: View, wrong: Wrong) -> None:
    replication = view.settings.replication
    if replication.score is None:
        if replication.minimum_score:
            wrong(view.path("replication", "minimum_score"), "has no meaning without replication.score")
    elif replication.score not in view.site.scores:
        known = ", ".join(view.site.scores) or "none, add [[site.CODE.score]]"
        message = f'"{replication.score}" is not a score of site {view.site.code}; allowed: {known}'
        wrong(view.path("replication", "score"), message)


def warnings_of(view: View) -> Iterator[str]:
    """What may be applied and will hardly work."""
    settings = view.settings
    connection, replication = settings.connection, settings.replication
    if connection and connection.flow == "client_credentials":
        host = urlsplit(connection.login_url).hostname
        if host in LOGIN_HOSTS:
            path = view.path("salesforce", "login_url")
            yield f"{path}: {host} refuses client_credentials; use the My Domain of the organization"
    if replication.delivery == "bulk":
        yield f"{view.path('replication', 'delivery')}: bulk is not carried out yet; collections are used"
    if replication.enabled and not connection:
        yield f"{view.site.path}.salesforce: is not set, so that the replication cannot run"
    mapped = {name.lower() for name in settings.mapping}
    for name in ALWAYS_REQUIRED:
        if name.lower() not in mapped:
            yield f"{view.site.path}.mapping.{name}: is not mapped, and Salesforce refuses leads without it"


def views(scopes: Mapping[str, Scope]) -> Iterator[View]:
    """Every site in `scopes`, with the default that it inherits."""
    for code, scope in scopes.items():
        if code != DEFAULT:
            yield View(site=scope, default=scopes[DEFAULT])
