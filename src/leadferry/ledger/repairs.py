"""What a reconciliation puts right, each kind of difference in one transaction with its event."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadferry.contacts import due
from leadferry.contacts.lock import take_turn
from leadferry.contacts.models import Site
from leadferry.core.reconciliation import Difference
from leadferry.core.state import Cause, State
from leadferry.ledger import events
from leadferry.ledger.models import Link
from leadferry.scoring.points import rank


def repair(
    site: Site, kind: Difference, found: Sequence[tuple[int, str]], *, suppress: bool, at: datetime
) -> int:
    """Put right these contacts (id, lead id) of one kind; returns how many.

    Gone leads are created again by the next run, or with `suppress` never; drifted and unlinked ones
    are sent again; converted ones are left alone from now on. An extra lead is nobody's to touch.
    """
    ids = [contact_id for contact_id, _ in found]
    if not ids or kind is Difference.EXTRA:
        return 0
    with transaction.atomic():
        take_turn(site.pk)
        _act(site, kind, found, suppress=suppress)
        text = f"{len(ids)} contacts put right: their leads were {kind.value} in Salesforce."
        events.note(f"lead.{kind.value}", at=at, source="reconciliation", site=site.code, description=text)
    return len(ids)


def _act(site: Site, kind: Difference, found: Sequence[tuple[int, str]], *, suppress: bool) -> None:
    ids = [contact_id for contact_id, _ in found]
    links = Link.objects.filter(site_id=site.pk, contact_id__in=ids)
    plain = {"code": "", "message": "", "fields": "", "refused_at": None, "tries": 0, "tried_in": 0}
    match kind:
        case Difference.CONVERTED:
            links.filter(resumes=None).update(state=State.CONVERTED, **plain)
            links.exclude(resumes=None).update(resumes=State.CONVERTED)
            return
        case Difference.MISSING | Difference.DELETED | Difference.MERGED if suppress:
            links.update(state=State.SUPPRESSED, **plain)
            return
        case Difference.MISSING | Difference.DELETED | Difference.MERGED:
            links.delete()
        case Difference.UNLINKED:
            known = [Link(contact_id=contact, site_id=site.pk, lead_id=lead) for contact, lead in found]
            altered = ["lead_id", "fingerprint"]
            Link.objects.bulk_create(
                known, update_conflicts=True, unique_fields=["contact_id"], update_fields=altered
            )
        case _:
            # The fingerprint no longer tells what the lead holds.
            links.update(fingerprint=None)
    due.mark(site.pk, ids, int(Cause.LEAD_GONE))
    rank(site)
