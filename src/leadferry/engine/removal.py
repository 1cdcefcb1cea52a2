"""Contacts that go, with what is known of them; erased people lose their lead too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from leadferry.contacts import people
from leadferry.contacts.models import Contact, Site
from leadferry.core.batch import batches
from leadferry.core.contact import external_id
from leadferry.engine.heartbeat import alone
from leadferry.engine.line import LEAD, Line
from leadferry.engine.merging import check_alone, separate
from leadferry.ledger import events, links
from leadferry.ledger.settings import effective
from leadferry.salesforce import InDoubt, Transport
from leadferry.salesforce.collections import RowResult
from leadferry.scoring import points

LEADS_A_CALL = 200
GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"})
"""Codes of a row whose lead is not there any more (REST guide): what was wanted is so already."""


@dataclass(frozen=True, kw_only=True)
class Removed:
    """How many contacts went, and how many leads."""

    contacts: int
    leads: int


def remove(
    site: Site,
    contacts: Sequence[Contact],
    *,
    erase: bool,
    clock: Callable[[], datetime],
    transport: Transport | None = None,
) -> Removed:
    """Remove contacts with their activities, points and links. `erase`: their leads first, and for good.

    The leads go before the contacts, so that a failure in between leaves a contact that can be erased
    again. Nobody is erased beside a run, which may be about to send that person: raises SiteBusy then, and
    SalesforceError when leads cannot be deleted. Who is merged into a contact that is deleted is split from
    it; nobody is erased while others are merged into them: raises NotMerged. Source: product description,
    contacts.
    """
    if not erase:
        return _removed(site, contacts, leads=0, erase=False, at=clock())
    with alone(site, clock=clock, doing="Erase"):
        check_alone(contacts)
        line = Line(site=site, settings=effective(site), clock=clock, transport=transport)
        leads = _delete_leads(line, contacts)
        return _removed(site, contacts, leads=leads, erase=True, at=clock())


@transaction.atomic
def _removed(site: Site, contacts: Sequence[Contact], *, leads: int, erase: bool, at: datetime) -> Removed:
    separate(site, contacts, at=at)
    people.delete(site, [contact.key for contact in contacts], before=_forget, erase=erase)
    text = f"{len(contacts)} contacts removed, {leads} leads deleted in Salesforce."
    code = "contact.erased" if erase else "contact.deleted"
    events.note(code, at=at, site=site.code, source="contacts", description=text)
    return Removed(contacts=len(contacts), leads=leads)


def _forget(contact_ids: Sequence[int]) -> None:
    points.forget(contact_ids)
    links.forget(contact_ids)


def _delete_leads(line: Line, contacts: Sequence[Contact]) -> int:
    deleted = 0
    try:
        for batch in batches(_lead_ids(line, contacts), LEADS_A_CALL):
            line.afford()
            deleted += sum(_is_gone(result) for result in line.client.delete_rows(batch))
    finally:
        line.account()
        line.close()
    return deleted


def _lead_ids(line: Line, contacts: Sequence[Contact]) -> list[str]:
    """The known ones; where an answer was lost, those that the organization finds by external ID too."""
    ids = [contact.pk for contact in contacts]
    known = links.lead_ids(ids)
    if not links.in_doubt(line.site, ids):
        return known
    key_field = line.settings.replication.external_id_field
    for some in batches(contacts, LEADS_A_CALL):
        line.afford()
        keys = ", ".join(f"'{external_id(line.site.code, contact.key)}'" for contact in some)
        found = line.client.query(f"SELECT Id FROM {LEAD} WHERE {key_field} IN ({keys})")
        known += [str(lead["Id"]) for lead in found]
    return list(dict.fromkeys(known))


def _is_gone(result: RowResult) -> bool:
    if result["success"]:
        return True
    error = result["errors"][0]
    if error["statusCode"] in GONE:
        return False
    raise InDoubt(f"Salesforce did not delete a lead: {error['statusCode']}: {error['message']}")
