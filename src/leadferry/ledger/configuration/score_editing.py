"""The scores of one site changed by a person: checked and saved like those of a file, calculated later."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from leadferry.contacts.lock import hold
from leadferry.contacts.models import Site
from leadferry.ledger.configuration.applying import Step
from leadferry.ledger.configuration.changes import Changes
from leadferry.ledger.configuration.editing import NAME, Overtaken
from leadferry.ledger.configuration.reading import typed
from leadferry.ledger.models import Task
from leadferry.ledger.tasks import Kind
from leadferry.scoring.scores import definition

Table = dict[str, Any]
Edit = Callable[[list[Table]], None]
"""Changes the scores of a site in place, in the form of the configuration file. Raises Overtaken."""


def edit_scores(site: Site, edit: Edit, *, at: datetime, user: str) -> Changes:
    """Change the scores as they are by the time nobody else can change them; ask for the recalculation.

    Raises ConfigurationError and Overtaken, with nothing changed.
    """
    with transaction.atomic():
        hold(site.pk)
        tables: list[Table] = [dict(table) for table in definition(site)]
        edit(tables)
        document = typed({"site": {site.code: {"score": tables}}}, name=NAME)
        step = Step.planned(document)
        step.make(at=at, user=user, calculate=False)
        changes = step.outcome(document, plan=False)
        if changes:
            # A turn under way may have read the old rules, so that another one follows it.
            Task.objects.filter(site=site, kind=Kind.SCORING).update(requested_at=at)
    return changes


def adding(name: str) -> Edit:
    """A new score without rules."""

    def edit(tables: list[Table]) -> None:
        tables.append({"name": name, "rule": []})

    return edit


def removing(name: str) -> Edit:
    """The score and the points it gave."""

    def edit(tables: list[Table]) -> None:
        tables.remove(_score(tables, name))

    return edit


def enabling(name: str, enabled: bool) -> Edit:
    """Whether the score is calculated at all."""

    def edit(tables: list[Table]) -> None:
        _score(tables, name)["enabled"] = enabled

    return edit


def putting_rule(name: str, rule: Table, *, instead_of: tuple[int, Table] | None = None) -> Edit:
    """The rule at the end of the score, or in the place of another: its position, and how it was shown."""

    def edit(tables: list[Table]) -> None:
        rules = _score(tables, name)["rule"]
        if instead_of is None:
            rules.append(rule)
        else:
            rules[_place(rules, *instead_of)] = rule

    return edit


def moving_rule(name: str, position: int, shown: Table, *, by: int) -> Edit:
    """The rule `by` places further down; beyond the ends it stays where it is."""

    def edit(tables: list[Table]) -> None:
        rules = _score(tables, name)["rule"]
        rule = rules.pop(_place(rules, position, shown))
        rules.insert(min(max(position + by, 0), len(rules)), rule)

    return edit


def removing_rule(name: str, position: int, shown: Table) -> Edit:
    """The score without the rule."""

    def edit(tables: list[Table]) -> None:
        rules = _score(tables, name)["rule"]
        rules.pop(_place(rules, position, shown))

    return edit


def _score(tables: list[Table], name: str) -> Table:
    for table in tables:
        if table["name"] == name:
            return table
    raise Overtaken


def _place(rules: list[Table], position: int, shown: Table) -> int:
    if position >= len(rules) or rules[position] != shown:
        raise Overtaken
    return position
