"""Scores between the file, the tables and the values of this package: by name, each as the file has it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from leadferry.contacts.models import Site
from leadferry.scoring.models import Rule, Score

Definition = Mapping[str, Any]
Wrong = Callable[[str, str], None]


def stored_scores() -> dict[int, dict[str, Definition]]:
    """Every site's scores by the site's id."""
    found: dict[int, dict[str, Definition]] = {}
    for score in Score.objects.prefetch_related("rules"):
        rules = [dict(rule.definition) for rule in score.rules.all()]
        found.setdefault(score.site_id, {})[score.name] = {"enabled": score.enabled, "rule": rules}
    return found


def read_scores(tables: Sequence[Mapping[str, Any]], *, path: str, wrong: Wrong) -> dict[str, Definition]:
    """The scores of one site as its file has them; a rule that cannot be used is told to `wrong`."""
    scores: dict[str, Definition] = {}
    for table in tables:
        name = table["name"]
        if name in scores:
            wrong(f"{path}.score[{name}]", "is there twice; allowed: each name once")
        rules = [_rule(rule) for rule in table.get("rule", ())]
        scores[name] = {"enabled": table.get("enabled", True), "rule": rules}
    return scores


def _rule(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()}


def save(site: Site, scores: Mapping[str, Definition], *, at: datetime) -> None:
    """Make the site's scores equal to these and count anew the points of those that changed."""
    Score.objects.filter(site=site).exclude(name__in=scores).delete()
    for name, definition in scores.items():
        score, _ = Score.objects.update_or_create(
            site=site, name=name, defaults={"enabled": definition["enabled"]}
        )
        score.rules.all().delete()
        for position, rule in enumerate(definition["rule"]):
            Rule.objects.create(score=score, position=position, name=rule.get("name", ""), definition=rule)


def rank(site: Site) -> None:
    """Order the site's due contacts by the score it ranks by."""
