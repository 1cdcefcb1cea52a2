"""What runs came to over days."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import F, Sum
from django.db.models.functions import TruncDate

from leadferry.ledger.models import Run


def by_day(site_ids: Collection[int], *, days: int, at: datetime) -> list[tuple[date, int, int]]:
    """(day, contacts delivered, contacts refused) of these sites' runs together, the oldest day first.

    A day is that of `at`'s time zone on which a run started; today is the last of `days`; none is left out.
    """
    first = at.date() - timedelta(days=days - 1)
    since = datetime.combine(first, time.min, at.tzinfo)
    runs = Run.objects.filter(site_id__in=site_ids, started_at__gte=since).order_by()
    rows = runs.values_list(TruncDate("started_at", tzinfo=at.tzinfo)).annotate(
        delivered=Sum(F("created") + F("updated")), refused=Sum(F("blocked") + F("invalid"))
    )
    found = {day: (delivered, refused) for day, delivered, refused in rows}
    every = (first + timedelta(days=number) for number in range(days))
    return [(day, *found.get(day, (0, 0))) for day in every]
