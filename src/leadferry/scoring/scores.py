"""The scores of a site as the configuration has them: stored, shown, and explained for one contact."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from leadferry.contacts.due import mark
from leadferry.contacts.lock import hold
from leadferry.contacts.models import Site
from leadferry.core.state import Cause
from leadferry.scoring.compiled import hits, points
from leadferry.scoring.loaded import enabled_scores
from leadferry.scoring.models import Rule, Score, Total
from leadferry.scoring.parsing import ScoreDefinition, parse_scores
from leadferry.scoring.problems import BadScores
from leadferry.scoring.sql import dialect
from leadferry.scoring.writing import Plain, written_rule

WrittenScore = dict[str, str | bool | list[dict[str, Plain]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """Names of scores, by what became of them."""

    created: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.removed)


@transaction.atomic
def save_scores(site: Site, scores: Sequence[Mapping[str, object]]) -> Changed:
    """Make the scores of the site equal to these. Raises `BadScores`, and then nothing is changed.

    A score that is new or has other rules is to be recalculated by the caller; until then its points are the
    old ones. One that is removed or disabled loses its points, and whoever had some is marked as due.
    """
    definitions, problems = parse_scores(scores)
    if problems:
        raise BadScores(problems)
    hold(site.pk)
    stored = {str(score["name"]): score for score in definition(site)}
    wanted = {definition.name: definition for definition in definitions}
    changed = Changed(
        created=tuple(name for name in wanted if name not in stored),
        updated=tuple(name for name in wanted if name in stored and _written(wanted[name]) != stored[name]),
        removed=tuple(name for name in stored if name not in wanted),
    )
    for name in changed.created + changed.updated:
        _store(site, wanted[name])
    for score in Score.objects.filter(site=site, name__in=changed.removed):
        _clear(score)
        score.delete()
    return changed


def definition(site: Site) -> list[WrittenScore]:
    """The scores of the site in the form of the configuration file."""
    scores = Score.objects.filter(site=site).prefetch_related("rules")
    return [
        _table(
            score.name, score.enabled, [{"name": rule.name, **rule.definition} for rule in score.rules.all()]
        )
        for score in scores
    ]


def points_per_rule(
    site: Site, contact_id: int, score_name: str, *, now: datetime
) -> list[tuple[str, int, int]]:
    """Each rule of the score: its name, the points it gives the contact at `now`, how often it applies.

    Empty when the site has no such enabled score, or no such contact.
    """
    rules = [rule for score in enabled_scores(site.pk) if score.name == score_name for rule in score.rules]
    wording = dialect()
    columns = [column(rule, wording, now=now) for rule in rules for column in (points, hits)]
    if not columns:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(column.text for column in columns)} "
            "FROM contacts_contact c WHERE c.id = %s AND c.site_id = %s AND c.merged_into_id IS NULL",
            [*(value for column in columns for value in column.parameters), contact_id, site.pk],
        )
        found = cursor.fetchone() or ()
    return [
        (rule.name, *pair)
        for rule, pair in zip(rules, zip(found[::2], found[1::2], strict=True), strict=False)
    ]


def _store(site: Site, wanted: ScoreDefinition) -> None:
    score, _ = Score.objects.update_or_create(
        site=site, name=wanted.name, defaults={"enabled": wanted.enabled, "calculated_at": None}
    )
    score.rules.all().delete()
    for position, rule in enumerate(wanted.rules):  # one by one: only so the audit hears of them
        definition = _nameless(written_rule(rule))
        Rule.objects.create(score=score, position=position, name=rule.name, definition=definition)
    if not wanted.enabled:
        _clear(score)


def _clear(score: Score) -> None:
    totals = Total.objects.filter(score=score)
    mark(
        score.site_id,
        totals.exclude(points=0).order_by("contact_id").values_list("contact_id", flat=True),
        Cause.SCORE,
    )
    totals.delete()


def _written(wanted: ScoreDefinition) -> WrittenScore:
    return _table(wanted.name, wanted.enabled, [written_rule(rule) for rule in wanted.rules])


def _table(name: str, enabled: bool, rules: list[dict[str, Plain]]) -> WrittenScore:
    table: WrittenScore = {"name": name}
    if not enabled:
        table["enabled"] = False
    table["rule"] = rules
    return table


def _nameless(written: dict[str, Plain]) -> dict[str, Plain]:
    return {key: value for key, value in written.items() if key != "name"}
