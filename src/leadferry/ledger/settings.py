"""What is in force for a site: built-in defaults, overridden by the global default, overridden by the site.

Imports nothing heavy, because every command reads settings. Credentials are in ``vault``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from django.db import connection as database
from django.db.models import Q

from leadferry.contacts.models import Site
from leadferry.core.mapping_file import mapping_to_dict
from leadferry.core.rule import DEFAULT_MAPPING
from leadferry.ledger.models import Settings

Table: TypeAlias = Mapping[str, Any]

# The pairs of which only one may be in force: a site that sets one does not inherit the other.
INSTEAD_OF = {"every": "cron", "cron": "every"}

DEFAULT_SCHEDULE: Table = {"every": "1h"}


@dataclass(frozen=True, kw_only=True)
class Replication:
    """How a site's contacts are replicated; the fields are the keys of ``[site.x.replication]``."""

    enabled: bool = False
    keep_updated: bool = False
    batch_size: int = 200
    delivery: str = "auto"
    score: str | None = None
    minimum_score: int = 0
    include_anonymous: bool = False
    default_company: str = "Unknown"
    lead_description: str = ""
    external_id_field: str = "LeadferryId__c"
    api_reserve_percent: int = 20
    max_calls_per_day: int | None = None
    assignment_rule: str = "off"
    duplicate_rule: str = "respect"
    on_deleted: str = "create"


@dataclass(frozen=True, kw_only=True)
class Connection:
    """Where and as whom a site signs in to Salesforce; the credentials are read with ``vault.secrets``."""

    login_url: str
    flow: str
    client_id: str
    api_version: str = "66.0"
    username: str = ""
    audience: str = ""


@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """All settings in force for one site; ``mapping`` and ``schedule`` are shaped as in the file."""

    code: str
    display_name: str
    replication: Replication
    connection: Connection | None
    mapping: Table
    schedule: Table


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The four tables that one scope (a site, or the global default) sets for itself."""

    salesforce: Table
    replication: Table
    mapping: Table
    schedule: Table


NOTHING_SET = Tables(salesforce={}, replication={}, mapping={}, schedule={})


def effective(site: Site) -> SiteSettings:
    """What is in force for `site`."""
    return effective_of([site])[site.pk]


def effective_of(sites: Sequence[Site]) -> dict[int, SiteSettings]:
    """What is in force for each of these sites, by its id; one query for all."""
    rows = Settings.objects.filter(Q(site__in=[site.pk for site in sites]) | Q(site=None))
    tables = {row.site_id: tables_of(row) for row in rows}
    default = tables.get(None, NOTHING_SET)
    return {
        site.pk: combined(site.code, site.display_name, own=tables.get(site.pk, NOTHING_SET), default=default)
        for site in sites
    }


def stamp(site_id: int) -> object:
    """Other than before when what a run of the site goes by was altered; cheaper than `effective`."""
    with database.cursor() as cursor:
        cursor.execute(_STAMP, [site_id])
        return cursor.fetchall()


_STAMP = """
SELECT s.display_name, t.salesforce, t.replication, t.mapping FROM contacts_site s
LEFT JOIN ledger_settings t ON t.site_id = s.id OR t.site_id IS NULL WHERE s.id = %s ORDER BY t.id
"""


def tables_of(row: Settings) -> Tables:
    return Tables(
        salesforce=row.salesforce, replication=row.replication, mapping=row.mapping, schedule=row.schedule
    )


def combined(code: str, display_name: str, *, own: Tables, default: Tables) -> SiteSettings:
    """A site's settings from what it sets for itself and what the global default sets.

    Key by key, except for the mapping: a site's own mapping replaces the inherited one as a whole,
    because half a mapping from elsewhere would send fields that nobody sees in the site's file.
    """
    return SiteSettings(
        code=code,
        display_name=display_name or code,
        replication=replication(_inherited(default.replication, own.replication)),
        connection=connection(_inherited(default.salesforce, own.salesforce)),
        mapping=own.mapping or default.mapping or mapping_to_dict(DEFAULT_MAPPING),
        schedule=_inherited(DEFAULT_SCHEDULE, default.schedule, own.schedule),
    )


def replication(table: Table) -> Replication:
    return Replication(**_known(Replication, table))


def connection(table: Table) -> Connection | None:
    """The connection, or None while its address, flow or client is not set."""
    if not all(table.get(key) for key in ("login_url", "flow", "client_id")):
        return None
    return Connection(**_known(Connection, table))


def _known(shape: type[Replication] | type[Connection], table: Table) -> dict[str, Any]:
    names = {field.name for field in fields(shape)}
    return {key: value for key, value in table.items() if key in names}


def _inherited(*tables: Table) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for table in tables:
        for key in table:
            result.pop(INSTEAD_OF.get(key, ""), None)
        result.update(table)
    return result
