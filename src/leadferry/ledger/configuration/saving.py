"""Writes scopes into the tables."""

from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.ledger import vault
from leadferry.ledger.configuration.scopes import Scope
from leadferry.ledger.configuration.scores import save
from leadferry.ledger.models import Lease, Organization, Settings


def write(before: Scope | None, after: Scope, *, at: datetime, calculate: bool = True) -> None:
    """Make the stored scope equal to `after`; a new site gets the rows that go with every site.

    Without `calculate`, points of changed scores stay as they are until somebody recalculates.
    """
    site = _site(after) if after.code else None
    tables = after.tables
    Settings.objects.update_or_create(
        site=site,
        defaults={
            "salesforce": dict(tables.salesforce),
            "replication": dict(tables.replication),
            "mapping": dict(tables.mapping),
            "schedule": dict(tables.schedule),
        },
    )
    if site and (before is None or before.scores != after.scores):
        save(site, after.scores, at=at, calculate=calculate)


def _site(after: Scope) -> Site:
    site, _ = Site.objects.update_or_create(code=after.code, defaults={"display_name": after.display_name})
    Organization.objects.get_or_create(site=site)
    Lease.objects.get_or_create(site=site)
    return site


def write_credentials(before: Scope | None, after: Scope) -> None:
    """Store what differs, be it only the place that a credential was read from."""
    old = before.credentials if before else {}
    for name in old.keys() - after.credentials.keys():
        vault.forget(after.code, name)
    for name, credential in after.credentials.items():
        kept = old.get(name)
        unchanged = kept == credential and kept is not None and kept.reference == credential.reference
        if credential.text is not None and not unchanged:
            vault.keep(after.code, name, credential.text, reference=credential.reference)
