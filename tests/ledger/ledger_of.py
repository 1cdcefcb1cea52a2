"""Contacts, changes and claims for tests of what the ledger writes."""

from datetime import datetime

from leadferry.contacts.due import mark
from leadferry.contacts.models import Contact, Due, Site
from leadferry.core.change import Change
from leadferry.core.state import Cause
from leadferry.ledger import runs
from leadferry.ledger.batches import Claim
from leadferry.ledger.models import Link
from leadferry.ledger.runs import Counts
from tests.conftest import NOW

LEAD = "00Qxx0000000001EAA"


def contact(site: Site, key: str) -> Contact:
    """A contact that is due."""
    made = Contact.objects.create(site=site, key=key, last_name=key.title(), created=NOW, modified=NOW)
    mark(site.pk, [made.pk], int(Cause.CONTACT))
    return made


def change(of: Contact, *, tries: int = 0, tried_in: int = 0, print_: bytes = b"new") -> Change:
    """The contact as a run would send it now."""
    due = Due.objects.filter(contact=of).first()
    version = due.version if due else 1
    return Change(of.pk, version, of.key, b"{}", print_, tries, tried_in)


def claim(site: Site, *, at: datetime = NOW, owner: str = "test", suppress: bool = False) -> Claim:
    """A run that holds the site."""
    run = runs.open_run(site, owner, at=at)
    assert run is not None, "the site is held by another run"
    return Claim(run=run, site=site, owner=owner, counts=Counts(), suppress_deleted=suppress)


def delivered(of: Contact, *, created: bool = True) -> tuple[Change, dict[str, object]]:
    """What Salesforce answers for a contact that it took."""
    return change(of), {"id": LEAD, "success": True, "errors": [], "created": created}


def link(of: Contact) -> Link:
    return Link.objects.get(contact_id=of.pk)


def is_due(of: Contact) -> bool:
    return Due.objects.filter(contact=of).exists()
