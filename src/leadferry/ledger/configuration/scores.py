"""Scores between the file and ``leadferry.scoring``: by name, each in its one way of writing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from leadferry.contacts.models import Site
from leadferry.scoring.parsing import MAX_RULES, parse_rule
from leadferry.scoring.recalculation import expire
from leadferry.scoring.scores import definition, save_scores
from leadferry.scoring.writing import written_rule

Score = Mapping[str, Any]
Wrong = Callable[[str, str], None]


def stored_scores(site: Site) -> dict[str, Score]:
    return {str(table["name"]): _nameless(table) for table in definition(site)}


def _nameless(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "name"}


def read_scores(tables: Sequence[Mapping[str, Any]], *, path: str, wrong: Wrong) -> dict[str, Score]:
    """The scores of one site as its file has them; what is wrong is told to `wrong`."""
    scores: dict[str, Score] = {}
    for table in tables:
        name = table["name"].strip()
        here = f"{path}.score[{name}]"
        if name in scores or not name:
            wrong(here, "allowed: a name of its own")
        rules = [_read_rule(rule, f"{here}.rule", wrong) for rule in table.get("rule", ())]
        if len(rules) > MAX_RULES:
            wrong(here, f"has {len(rules)} rules; allowed: up to {MAX_RULES}")
        scores[name] = {"enabled": False, "rule": rules} if table.get("enabled") is False else {"rule": rules}
    return scores


def _read_rule(table: Mapping[str, Any], path: str, wrong: Wrong) -> dict[str, Any]:
    rule, problems = parse_rule(table, f"{path}[{table.get('name', '')}]")
    for problem in problems:
        wrong(problem.path, f"{problem.wrong}; allowed: {problem.allowed}")
    return {} if problems else dict(written_rule(rule))


def save(site: Site, scores: Mapping[str, Score], *, at: datetime, calculate: bool) -> None:
    """Make the site's scores equal to these; with `calculate`, work out the points of those that changed."""
    changed = save_scores(site, [{"name": name, **score} for name, score in scores.items()])
    if calculate and (changed.created or changed.updated):
        # It calculates in full what never was, which is what changed, and the other scores only up to now.
        expire(site, now=at)
