"""What we know of contacts' leads, asked and forgotten by contact."""

from collections.abc import Sequence

from leadferry.ledger.models import Attempt, Link


def lead_ids(contact_ids: Sequence[int]) -> list[str]:
    """The ids of the leads these contacts have."""
    found = Link.objects.filter(contact_id__in=contact_ids).exclude(lead_id="")
    return list(found.values_list("lead_id", flat=True))


def forget(contact_ids: Sequence[int]) -> None:
    """Remove links and attempts; belongs into the transaction that removes the contacts."""
    Link.objects.filter(contact_id__in=contact_ids).delete()
    Attempt.objects.filter(contact_id__in=contact_ids).delete()
