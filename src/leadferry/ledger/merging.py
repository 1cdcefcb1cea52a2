"""What becomes of the lead of a merged contact: nothing, until a split."""

from leadferry.contacts import due
from leadferry.contacts.models import Contact, Due, Site
from leadferry.core.state import Cause, State
from leadferry.ledger.models import Link

MERGED = "MERGED"
_KEPT = (State.CONVERTED, State.SUPPRESSED, State.IN_DOUBT)
_PLAIN = {"refused_at": None, "fields": "", "tries": 0, "tried_in": 0}


def suspend(site: Site, child: Contact, *, into: str) -> None:
    """No run touches the child's lead any more; `into` is the parent's key.

    Belongs into the transaction that merges. A block is lifted: nobody needs to mend who is not sent.
    """
    found = Link.objects.filter(contact_id=child.pk).first()
    before = State.NONE if found is None else found.state if found.resumes is None else found.resumes
    told = {"code": MERGED, "message": f"Merged into {into}.", **_PLAIN}
    known = {"site_id": site.pk, "state": State.SUPPRESSED, "resumes": before, **told}
    Link.objects.update_or_create(contact_id=child.pk, defaults=known)
    Due.objects.filter(contact_id=child.pk).delete()


def resume(site: Site, child: Contact) -> None:
    """The child has its own lead again, and the next run looks at it; belongs into the split."""
    link = Link.objects.filter(contact_id=child.pk)
    found = link.first()
    before = State.NONE if found is None else State(found.resumes or 0)
    if found and (before in _KEPT or found.lead_id):
        state = before if before in _KEPT else State.OUTDATED
        link.update(state=state, resumes=None, code="", message="", **_PLAIN)
    else:
        link.delete()
    if not before.final:
        due.mark(site.pk, [child.pk], int(Cause.CONTACT))
