"""What we know of contacts' leads, asked and forgotten by contact."""

from collections.abc import Sequence

from django.db.models import Q

from leadferry.contacts.models import Site
from leadferry.core.state import State
from leadferry.ledger.models import Attempt, Batch, Link


def lead_ids(contact_ids: Sequence[int]) -> list[str]:
    """The ids of the leads these contacts have."""
    found = Link.objects.filter(contact_id__in=contact_ids).exclude(lead_id="")
    return list(found.values_list("lead_id", flat=True))


def in_doubt(site: Site, contact_ids: Sequence[int]) -> bool:
    """Whether one of these contacts may have a lead whose id is not known, because an answer was lost."""
    doubted = Link.objects.filter(
        Q(state=State.IN_DOUBT) | Q(resumes=State.IN_DOUBT), contact_id__in=contact_ids
    )
    return doubted.exists() or Batch.objects.filter(site_id=site.pk, ended_at=None).exists()


def forget(contact_ids: Sequence[int]) -> None:
    """Remove links and attempts; belongs into the transaction that removes the contacts."""
    Link.objects.filter(contact_id__in=contact_ids).delete()
    Attempt.objects.filter(contact_id__in=contact_ids).delete()
