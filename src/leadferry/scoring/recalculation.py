"""All points of a site: in full, or as far as the passing of time changes them."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from leadferry.contacts.lock import hold
from leadferry.contacts.models import Activity, Site
from leadferry.scoring.loaded import LoadedScore, enabled_scores
from leadferry.scoring.models import Score
from leadferry.scoring.points import update
from leadferry.scoring.rules import ActivityRule, end_of
from leadferry.scoring.sql import Sql, dialect

SLICE = 10_000
NEXT_SLICE = """
SELECT MAX(id), COUNT(CASE WHEN site_id = %s THEN 1 END)
FROM (SELECT id, site_id FROM contacts_contact WHERE id > %s ORDER BY id LIMIT %s) AS slice
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recalculated:
    """How many contacts were looked at, and how many of them have other points now."""

    contacts: int
    changed: int


def recalculate(
    site: Site, *, now: datetime, on_progress: Callable[[int], None] | None = None
) -> Recalculated:
    """Work out all points of the site anew, slice by slice, each a transaction.

    Killed on the way, the rest stays as it was, and the next call does it all. `on_progress` gets the number
    of contacts that are done.
    """
    return _recalculate(
        site, [score.id for score in enabled_scores(site.pk)], now=now, on_progress=on_progress
    )


def expire(site: Site, *, now: datetime) -> int:
    """Bring the points up to `now` for what the time since the last calculation took away.

    Looks only at activities that left a window since then; costs an index look-up a rule when there are none.
    A score that was never calculated, or has a rule that ended meanwhile, is calculated in full. Gives the
    number of contacts whose points changed.
    """
    scores = enabled_scores(site.pk)
    whole = [score.id for score in scores if score.calculated_at is None or _ended(score, now)]
    changed = _recalculate(site, whole, now=now).changed if whole else 0
    for score in scores:
        if score.id not in whole and score.calculated_at is not None and score.calculated_at < now:
            changed += _expire(site, score, score.calculated_at, now=now)
    return changed


def _recalculate(
    site: Site,
    score_ids: Collection[int],
    *,
    now: datetime,
    on_progress: Callable[[int], None] | None = None,
) -> Recalculated:
    before = _chosen(site, score_ids)
    contacts, changed = 0, 0
    for scope, count in _slices(site):
        with transaction.atomic():
            hold(site.pk)
            changed += len(update(site.pk, _chosen(site, score_ids), scope, dialect(), now=now))
        contacts += count
        if on_progress:
            on_progress(contacts)
    _calculated(site, before, now=now)
    return Recalculated(contacts=contacts, changed=changed)


def _chosen(site: Site, score_ids: Collection[int]) -> list[LoadedScore]:
    return [score for score in enabled_scores(site.pk) if score.id in score_ids]


def _slices(site: Site) -> Iterator[tuple[Sql, int]]:
    """Ranges of ids, and how many contacts of the site each holds."""
    low = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NEXT_SLICE, [site.pk, low, SLICE])
            high, count = cursor.fetchone()
        if high is None:
            return
        if count:
            yield Sql("BETWEEN %s AND %s", (low + 1, high)), count
        low = high


def _calculated(site: Site, scores: Collection[LoadedScore], *, now: datetime) -> None:
    """Note up to when the scores are right, unless their rules were written anew meanwhile."""
    with transaction.atomic():
        hold(site.pk)
        current = {score.id: score.version for score in enabled_scores(site.pk)}
        same = [score.id for score in scores if current.get(score.id) == score.version]
        Score.objects.filter(pk__in=same).update(calculated_at=now)


def _ended(score: LoadedScore, now: datetime) -> bool:
    """Whether a rule of the score ended since it was calculated."""
    return any(
        isinstance(rule, ActivityRule)
        and rule.until is not None
        and score.calculated_at is not None
        and score.calculated_at < end_of(rule.until) <= now
        for rule in score.rules
    )


def _expire(site: Site, score: LoadedScore, since: datetime, *, now: datetime) -> int:
    windows = [rule for rule in score.rules if isinstance(rule, ActivityRule) and rule.valid_for]
    if not windows:
        return 0
    touched = sorted({contact_id for rule in windows for contact_id in _left(site, rule, since, now=now)})
    changed = 0
    for start in range(0, len(touched), SLICE):
        with transaction.atomic():
            hold(site.pk)
            wording = dialect()
            scope = wording.one_of(touched[start : start + SLICE])
            changed += len(update(site.pk, _chosen(site, [score.id]), scope, wording, now=now))
    _calculated(site, [score], now=now)
    return changed


def _left(site: Site, rule: ActivityRule, since: datetime, *, now: datetime) -> Iterator[int]:
    """The contacts with an activity of this kind that left the rule's window between the two instants."""
    if rule.valid_for is None:
        return iter(())
    activities = Activity.objects.filter(
        site=site, kind=rule.activity, at__gt=rule.valid_for.cutoff(since), at__lte=rule.valid_for.cutoff(now)
    )
    return activities.values_list("contact_id", flat=True).distinct().iterator()
