"""A site's mapping edited by a person: looked at against the organization, then saved or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.cache import cache

from leadferry.contacts.lengths import longest
from leadferry.contacts.models import Site
from leadferry.core.contact import CONTACT_FIELDS
from leadferry.core.mapping import parse_mapping
from leadferry.core.preflight import Finding, Level, check_mapping
from leadferry.ledger import configuration, organizations
from leadferry.ledger.configuration import Changes
from leadferry.ledger.models import Settings
from leadferry.ledger.settings import SiteSettings, effective

MEASURED_FOR = 300
"""Seconds for which the lengths of a site's texts are remembered: measuring reads all contacts."""

Table = Mapping[str, Any]


class Blocked(Exception):
    """The organization would take no lead of this mapping; `findings` are the errors."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{found.field}: {found.message}" for found in findings))
        self.findings = tuple(findings)


def remap(
    site: Site, *, mapping: Table, key_field: str, base: str, by: str, at: datetime, inherit: bool = False
) -> Changes:
    """Save the mapping (shaped as in the file) and the external ID field of a site; `base`: see `edit`.

    With `inherit` the site gives up its own mapping. Raises ConfigurationError, Overtaken, and Blocked:
    no external ID, or a required field without source (product description, Mapping). Where the organization
    was never described, nothing can block.
    """
    tables = edited(site, mapping={} if inherit else mapping, key_field=key_field)
    configuration.propose(site.code, tables)
    if not inherit:
        wrong = [found for found in findings(site, proposed(site, mapping, key_field)) if _blocks(found)]
        if wrong:
            raise Blocked(wrong)
    return configuration.edit(site.code, tables, base=base, now=at, user=by)


def _blocks(found: Finding) -> bool:
    return found.level is Level.ERROR


def edited(site: Site, *, mapping: Table, key_field: str) -> dict[str, Table]:
    """The tables of the site with this mapping; the external ID field is set only where it differs."""
    tables: dict[str, Table] = {"mapping": mapping}
    if key_field != effective(site).replication.external_id_field:
        own = Settings.objects.filter(site=site).values_list("replication", flat=True).first()
        tables["replication"] = {**(own or {}), "external_id_field": key_field}
    return tables


def proposed(site: Site, mapping: Table, key_field: str) -> SiteSettings:
    """The settings in force, with this mapping and this external ID field."""
    settings = effective(site)
    replication = replace(settings.replication, external_id_field=key_field)
    return replace(settings, mapping=mapping, replication=replication)


def findings(site: Site, settings: SiteSettings) -> list[Finding]:
    """What the describe kept last says against the mapping; nothing without one. Raises BadMapping."""
    describe = organizations.last_described(site)
    if describe is None:
        return []
    lengths = cache.get_or_set(f"longest.{site.pk}", lambda: longest(site, CONTACT_FIELDS), MEASURED_FOR)
    mapping = parse_mapping(settings.mapping)
    return check_mapping(mapping, describe, settings.replication.external_id_field, longest=lengths)
