"""Scores between the file, the tables and the values of this package: by name, each as the file has it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from leadferry.contacts.models import Site
from leadferry.scoring.models import Rule, Score
from leadferry.scoring.parsing import MAX_RULES, parse_rule
from leadferry.scoring.writing import written_rule

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
    """The scores of one site, rules in their one way of writing; what is wrong is told to `wrong`."""
    scores: dict[str, Definition] = {}
    for table in tables:
        name = table["name"].strip()
        here = f"{path}.score[{name}]"
        if name in scores or not name:
            wrong(here, "allowed: a name of its own")
        rules = [_read_rule(rule, f"{here}.rule", wrong) for rule in table.get("rule", ())]
        if len(rules) > MAX_RULES:
            wrong(here, f"has {len(rules)} rules; allowed: up to {MAX_RULES}")
        scores[name] = {"enabled": table.get("enabled", True), "rule": rules}
    return scores


def _read_rule(table: Mapping[str, Any], path: str, wrong: Wrong) -> dict[str, Any]:
    rule, problems = parse_rule(table, f"{path}[{table.get('name', '')}]")
    for problem in problems:
        wrong(problem.path, f"{problem.wrong}; allowed: {problem.allowed}")
    return {} if problems else dict(written_rule(rule))


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
