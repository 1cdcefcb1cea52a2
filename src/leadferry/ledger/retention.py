"""Log retention: what is older than a site keeps is removed, a little at a time."""

from collections.abc import Iterator
from datetime import datetime

from leadferry.contacts.models import Site
from leadferry.ledger.models import Attempt, Batch, Event, Run

SLICE = 2_000


def forget_before(site: Site, edge: datetime) -> Iterator[int]:
    """Remove the site's events, batches, attempts and runs from before `edge`; gives the rows of each slice.

    A slice is a statement of its own, so that nobody waits long and whoever iterates may stop. What is known
    of a contact's lead, the reason of its block included, is not a log and stays.
    """
    events = Event.objects.filter(site=site.code, time__lt=edge).order_by("pk")
    while ids := list(events.values_list("pk", flat=True)[:SLICE]):
        yield Event.objects.filter(pk__in=ids).delete()[0]
    batches = Batch.objects.filter(site_id=site.pk, ended_at__isnull=False, sent_at__lt=edge)
    while ids := list(batches.values_list("pk", flat=True)[:SLICE]):
        yield Attempt.objects.filter(batch_id__in=ids).delete()[0]
        yield Batch.objects.filter(pk__in=ids).delete()[0]
    runs = Run.objects.filter(site=site, ended_at__lt=edge).order_by("pk")
    while ids := list(runs.values_list("pk", flat=True)[:SLICE]):
        yield Attempt.objects.filter(batch_id__in=[-number for number in ids]).delete()[0]
        yield Run.objects.filter(pk__in=ids).delete()[0]
