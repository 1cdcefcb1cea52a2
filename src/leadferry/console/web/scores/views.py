"""The pages of the scores that show (product description, section 3)."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from leadferry.console.people.models import Role
from leadferry.console.web.addressing import number
from leadferry.console.web.pages import Visit, may, page, show, visible_sites
from leadferry.console.web.scores.forms import ScoreForm
from leadferry.console.web.scores.subject import score_of, tables_of
from leadferry.console.web.scores.wording import rule_text
from leadferry.contacts.models import Contact
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import score_states
from leadferry.scoring.models import Total
from leadferry.scoring.ranking import best_of
from leadferry.scoring.scores import points_per_rule


@require_GET
@page(Role.VIEWER, one_site=True)
def index(request: Visit) -> TemplateResponse:
    """The scores of the site; to htmx, which asks every few seconds, only the table."""
    site = get_object_or_404(visible_sites(request))
    recalculation = score_states.recalculation_of(site)
    partial = request.htmx  # type: ignore[attr-defined]
    return show(
        request,
        "console/scores_table.html" if partial else "console/scores.html",
        title="Scores",
        standings=score_states.standings_of(site, recalculation),
        recalculation=recalculation,
        form=ScoreForm(),
        administrator=may(request, Role.ADMINISTRATOR, site),
        operator=may(request, Role.OPERATOR, site),
    )


@require_GET
@page(Role.VIEWER, one_site=True)
def detail(request: Visit, score_id: int) -> TemplateResponse:
    """One score with its rules."""
    score = score_of(request, score_id)
    recalculation = score_states.recalculation_of(score.site)
    standings = score_states.standings_of(score.site, recalculation)
    return show(
        request,
        "console/score.html",
        title=f"Score {score.name}",
        score=score,
        standing=next(each for each in standings if each.score == score),
        rules=[(rule, rule_text(table)) for rule, table in tables_of(score)],
        administrator=may(request, Role.ADMINISTRATOR, score.site),
    )


@require_GET
@page(Role.VIEWER, one_site=True)
def contacts(request: Visit, score_id: int) -> TemplateResponse:
    """The contacts of a score, best first."""
    score = score_of(request, score_id)
    points, _, contact_id = request.GET.get("after", "").partition("_")
    sign, found = (-1 if points.startswith("-") else 1), number(points.removeprefix("-"))
    after = None if found is None else (sign * found, number(contact_id) or 0)
    return show(
        request,
        "console/score_contacts.html",
        title=f"Contacts of {score.name}",
        score=score,
        found=best_of(score, after=after),
        first=after is None,
    )


@require_GET
@page(Role.VIEWER, one_site=True)
def points(request: Visit, score_id: int, contact_id: int) -> TemplateResponse:
    """What each rule of the score gives one contact now."""
    score = score_of(request, score_id)
    contact = Contact.objects.filter(site=score.site, pk=contact_id).first()
    if contact is None:
        raise Http404("There is no such contact.")
    rules = points_per_rule(score.site, contact.pk, score.name, now=wall_clock())
    total = Total.objects.filter(score=score, contact=contact).values_list("points", flat=True).first()
    return show(
        request,
        "console/score_points.html",
        title=f"Points of {contact.key} in {score.name}",
        score=score,
        contact=contact,
        rules=rules,
        now=sum(given for _, given, _ in rules),
        stored=total or 0,
    )
