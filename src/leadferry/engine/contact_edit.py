"""One contact added or edited by a person: the same way in as an import of one record, and its event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from leadferry.contacts.importing import Report, Rows, import_contacts, open_source
from leadferry.contacts.lock import hold
from leadferry.contacts.models import Contact, Site
from leadferry.ledger import events
from leadferry.scoring.points import refresh

SOURCE = "contacts"


class NotTaken(ValueError):
    """A value that a contact cannot hold; `field` is empty when it is not one field's fault."""

    def __init__(self, reason: str) -> None:
        field, parted, allowed = reason.partition(": ")
        super().__init__(allowed if parted else reason)
        self.field = field if parted else ""


class KeyTaken(ValueError):
    """The site has a contact with this key already."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The contact, and whether anything changed."""

    contact: Contact
    changed: bool


def add(site: Site, key: str, values: Mapping[str, object], *, by: str, at: datetime) -> Saved:
    """A new contact; columns are named as in an import. Raises KeyTaken and NotTaken."""
    with transaction.atomic():
        hold(site.pk)
        if Contact.objects.filter(site=site, key=key.strip()).exists():
            raise KeyTaken(key)
        return _save(site, key, values, "contact.added", "Added.", by=by, at=at)


def edit(contact: Contact, values: Mapping[str, object], *, by: str, at: datetime) -> Saved:
    """Change these columns, named as in an import; the others stay. Lifts a block. Raises NotTaken."""
    text = f"Edited: {', '.join(sorted(values))}."
    with transaction.atomic():
        return _save(contact.site, contact.key, values, "contact.edited", text, by=by, at=at)


def _save(
    site: Site, key: str, values: Mapping[str, object], code: str, text: str, *, by: str, at: datetime
) -> Saved:
    report = import_contacts(site, Rows([{"key": key, **values}]), now=at, after_chunk=_refreshed(site, at))
    if report.rejections:
        raise NotTaken(report.rejections[0].reason)
    contact = Contact.objects.get(site=site, key=key.strip())
    changed = bool(report.created or report.updated)
    if changed:
        events.note(
            code, at=at, source=SOURCE, site=site.code, contact=contact.key, user=by, description=text
        )
    return Saved(contact=contact, changed=changed)


def import_file(site: Site, path: Path, *, by: str, at: datetime) -> Report:
    """The contacts of a file that a person handed over. Raises BadFile: see `import_contacts`."""
    report = import_contacts(site, open_source(path), now=at, after_chunk=_refreshed(site, at))
    counts = {name: getattr(report, name) for name in ("created", "updated", "unchanged", "rejected")}
    text = "Imported from a file: " + ", ".join(f"{number} {word}" for word, number in counts.items()) + "."
    events.note("contacts.imported", at=at, source=SOURCE, site=site.code, user=by, description=text)
    return report


def _refreshed(site: Site, at: datetime) -> Callable[..., None]:
    return lambda ids: refresh(site, ids, now=at)
