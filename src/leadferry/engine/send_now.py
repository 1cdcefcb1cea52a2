"""One contact sent at once: put first in its site's line, and the site's task asked for."""

from datetime import datetime

from django.db import transaction

from leadferry.contacts import due
from leadferry.contacts.models import Contact, Due, Site
from leadferry.core.state import Cause
from leadferry.engine.standing import standing_of
from leadferry.ledger import events, tasks
from leadferry.ledger.merging import MERGED
from leadferry.ledger.models import Task
from leadferry.ledger.settings import effective
from leadferry.ledger.storage.due import FIRST

NEVER = {
    "not_eligible": "It does not qualify, so that a run would pass it by.",
    "converted": "Its lead was converted, and takes no more updates.",
    "suppressed": "Its lead was deleted in Salesforce, and this site does not create deleted leads again.",
}


class NotSent(Exception):
    """A run would not send the contact; the message says why."""


def send_now(site: Site, contact: Contact, *, by: str, at: datetime) -> None:
    """Lift a block, put the contact first in line, and have the replication carried out.

    Others that are due go with that run, behind it. Raises NotSent, and AlreadyRunning when a run is under
    way: the contact is then first in the next one.
    """
    _check(site, contact.key)
    with transaction.atomic():
        due.mark(site.pk, [contact.pk], int(Cause.UNBLOCKED))
        # The line is ordered by score; the next change of the contact gives it its own score again.
        Due.objects.filter(contact_id=contact.pk).update(score=FIRST)
        text = "Put first in line, to be sent at once."
        events.note(
            "contact.first_in_line",
            at=at,
            source="contacts",
            site=site.code,
            contact=contact.key,
            user=by,
            description=text,
        )
    tasks.request(Task.objects.get(site=site, kind=tasks.Kind.REPLICATION), at=at, by=by)


def _check(site: Site, key: str) -> None:
    replication = effective(site).replication
    if not replication.enabled:
        raise NotSent("The replication of this site is off.")
    standing = standing_of(site, key)
    status = standing.status if standing else "not_eligible"
    if standing and standing.code == MERGED:
        raise NotSent(f"{standing.message} That contact is sent instead.")
    if status in NEVER:
        raise NotSent(NEVER[status])
    if standing and standing.lead_id and not replication.keep_updated:
        raise NotSent("It has a lead, and this site does not keep leads updated.")
