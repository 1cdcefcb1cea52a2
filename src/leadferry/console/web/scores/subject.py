"""The score and the rules that an address speaks of."""

from typing import Any

from django.shortcuts import get_object_or_404

from leadferry.console.web.pages import Visit, visible_sites
from leadferry.scoring.models import Rule, Score


def score_of(request: Visit, score_id: int) -> Score:
    """The score, if it is of a site that the person may see; 404 otherwise."""
    scores = Score.objects.select_related("site")
    return get_object_or_404(scores, pk=score_id, site__in=visible_sites(request))


def tables_of(score: Score) -> list[tuple[Rule, dict[str, Any]]]:
    """The rules in order, each with its form in the configuration file."""
    return [(rule, table_of(rule)) for rule in score.rules.all()]


def table_of(rule: Rule) -> dict[str, Any]:
    """The rule in the form of the configuration file."""
    return {"name": rule.name, **rule.definition}
