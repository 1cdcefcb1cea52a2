"""The stored scores of a site with their rules as values."""

from dataclasses import dataclass
from datetime import datetime

from leadferry.scoring.models import Score
from leadferry.scoring.parsing import parse_rule
from leadferry.scoring.rules import Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedScore:
    """A score as stored. `version` differs whenever its rules were written anew."""

    id: int
    name: str
    calculated_at: datetime | None
    version: tuple[int, ...]
    rules: tuple[Rule, ...]


def enabled_scores(site_id: int) -> list[LoadedScore]:
    """The scores of the site that are calculated."""
    stored = Score.objects.filter(site_id=site_id, enabled=True).prefetch_related("rules")
    return [_loaded(score) for score in stored]


def _loaded(score: Score) -> LoadedScore:
    rows = list(score.rules.all())
    return LoadedScore(
        id=score.pk,
        name=score.name,
        calculated_at=score.calculated_at,
        version=tuple(row.pk for row in rows),
        rules=tuple(parse_rule({"name": row.name, **row.definition})[0] for row in rows),
    )
