"""Contacts merged and split: activities, points and leads in one transaction, with its event."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadferry.contacts import due, merging
from leadferry.contacts.lock import hold
from leadferry.contacts.merging import NotMerged
from leadferry.contacts.models import Contact, Site
from leadferry.core.batch import batches
from leadferry.core.state import Cause
from leadferry.ledger import events
from leadferry.ledger.merging import resume, suspend
from leadferry.scoring.points import refresh

SHOWN = 3
AT_ONCE = 500


@transaction.atomic
def merge(site: Site, child: str, *, into: str, by: str, at: datetime) -> None:
    """Merge the contact with the key `child` into the one with the key `into`. Raises NotMerged.

    Activities count for the parent from now on. The child's lead stays as it is; a call that is under way
    may still reach it. Who was merged into the child belongs to the parent, too. Source: product
    description, section 2.
    """
    hold(site.pk)
    parent, merged = called(site, into), called(site, child)
    moved = merging.attach(parent, merged)
    due.mark(site.pk, [parent.pk], int(Cause.SCORE))
    refresh(site, [parent.pk, *(each.pk for each in moved)], now=at)
    for each in moved:  # after the points, whose change marks as due
        suspend(site, each, into=parent.key)
    _note("contact.merged", site, merged, f"Merged into {parent.key}.", by=by, at=at)


@transaction.atomic
def split(site: Site, child: str, *, by: str, at: datetime) -> None:
    """Give a merged contact its activities, points and own lead back. Raises NotMerged.

    Its lead is brought up to date by the next run. Source: product description, section 2.
    """
    hold(site.pk)
    merged = called(site, child)
    parent_id = merging.detach(merged)
    resume(site, merged)
    refresh(site, [parent_id, merged.pk], now=at)
    key = Contact.objects.values_list("key", flat=True).get(pk=parent_id)
    _note("contact.split", site, merged, f"Split from {key}.", by=by, at=at)


def separate(site: Site, contacts: Sequence[Contact], *, at: datetime) -> None:
    """Split these contacts from their parents and children, which outlive them."""
    for some in batches(contacts, AT_ONCE):
        for key in merging.related([contact.pk for contact in some]):
            split(site, key, by="", at=at)


def check_alone(contacts: Sequence[Contact]) -> None:
    """Raise NotMerged when somebody else is merged into one of them: the same person would stay."""
    going = {contact.pk for contact in contacts}
    for some in batches(contacts, AT_ONCE):
        staying = merging.children_of(*(contact.pk for contact in some), but_not=going)
        if staying:
            keys = ", ".join(child.key for child in staying[:SHOWN])
            more = " and others" if len(staying) > SHOWN else ""
            raise NotMerged(
                f"Others are merged into these contacts ({keys}{more}): split or erase them first."
            )


def called(site: Site, key: str) -> Contact:
    """The contact with this key; raises NotMerged when there is none."""
    found = Contact.objects.select_related("site").filter(site=site, key=key).first()
    if found is None:
        raise NotMerged("The site has no contact with this key.")
    return found


def _note(code: str, site: Site, contact: Contact, text: str, *, by: str, at: datetime) -> None:
    key = contact.key
    events.note(code, at=at, source="contacts", site=site.code, contact=key, user=by, description=text)
