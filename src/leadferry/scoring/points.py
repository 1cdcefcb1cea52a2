"""The points of some contacts, brought up to date by one statement a score."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection, transaction

from leadferry.contacts.due import mark
from leadferry.contacts.lock import hold
from leadferry.contacts.models import Site
from leadferry.core.state import Cause
from leadferry.scoring.compiled import total
from leadferry.scoring.loaded import LoadedScore, enabled_scores
from leadferry.scoring.models import Score, Total
from leadferry.scoring.sql import Dialect, Sql, dialect

# MATERIALIZED: without it both databases may work the points out twice. + keeps SQLite off the index of
# the keys, which would read every contact of the site for each slice.
UPDATE = """
WITH fresh AS MATERIALIZED (
    SELECT c.id AS contact_id, COALESCE(t.points, 0) AS stored,
        CASE WHEN c.merged_into_id IS NULL THEN {points} ELSE 0 END AS points
    FROM contacts_contact c
    LEFT JOIN scoring_total t ON t.contact_id = c.id AND t.score_id = %s
    WHERE +c.site_id = %s AND c.id {scope}
)
INSERT INTO scoring_total (score_id, contact_id, points)
SELECT %s, contact_id, points FROM fresh WHERE points <> stored
ON CONFLICT (score_id, contact_id) DO UPDATE SET points = excluded.points
RETURNING contact_id
"""
POINTS = """COALESCE((SELECT points FROM scoring_total
    WHERE score_id = %s AND scoring_total.contact_id = contacts_due.contact_id), 0)"""
RANK = f"UPDATE contacts_due SET score = {POINTS} WHERE site_id = %s AND score <> {POINTS}"


def refresh(site: Site, contact_ids: Sequence[int], *, now: datetime) -> None:
    """Bring the points of these contacts of the site up to date in all enabled scores.

    Whose points changed is marked as due. Every due mark of these contacts gets its rank from the score that
    orders the site's deliveries.
    """
    if not contact_ids:
        return
    wording = dialect()
    with transaction.atomic():
        hold(site.pk)
        update(site.pk, enabled_scores(site.pk), wording.one_of(sorted(contact_ids)), wording, now=now)


def update(
    site_id: int, scores: Collection[LoadedScore], scope: Sql, wording: Dialect, *, now: datetime
) -> set[int]:
    """As `refresh`, for contacts whose id fulfils `scope`; the ids of those whose points changed.

    Belongs into a transaction that holds the site.
    """
    changed: set[int] = set()
    for score in scores:
        changed.update(_update_totals(site_id, score, scope, wording, now=now))
    if changed:
        mark(site_id, sorted(changed), Cause.SCORE)
    _rank(site_id, Sql(f" AND contact_id {scope.text}", scope.parameters))
    return changed


def rank(site: Site) -> None:
    """Give every due mark of the site its rank: the points in the score that orders its deliveries, or 0."""
    with transaction.atomic():
        hold(site.pk)
        _rank(site.pk, Sql(""))


def forget(contact_ids: Sequence[int]) -> None:
    """Remove the points of contacts that are deleted; belongs into that transaction."""
    Total.objects.filter(contact_id__in=contact_ids).delete()


def _update_totals(
    site_id: int, score: LoadedScore, scope: Sql, wording: Dialect, *, now: datetime
) -> list[int]:
    points = total(score.rules, wording, now=now)
    statement = UPDATE.format(points=points.text, scope=scope.text)
    parameters = [*points.parameters, score.id, site_id, *scope.parameters, score.id]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [contact_id for (contact_id,) in cursor.fetchall()]


def _rank(site_id: int, scope: Sql) -> None:
    ranked_by = Site.objects.values_list("ranked_by", flat=True).get(pk=site_id)
    score = Score.objects.filter(site_id=site_id, name=ranked_by, enabled=True).first()
    score_id = score.pk if score else 0  # no score has this id: no points
    with connection.cursor() as cursor:
        cursor.execute(RANK + scope.text, [score_id, site_id, score_id, *scope.parameters])
