"""The pages of the scores that change them: for administrators; operators may recalculate."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.pages import Visit, page, show, visible_sites
from leadferry.console.web.scores.forms import FORMS, RuleForm, ScoreForm, kind_of
from leadferry.console.web.scores.subject import score_of, table_of
from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import score_states, tasks
from leadferry.ledger.configuration import ConfigurationError, Overtaken, score_editing
from leadferry.ledger.configuration.score_editing import Edit
from leadferry.ledger.tasks import AlreadyRunning
from leadferry.scoring.models import Rule, Score

OVERTAKEN = "Nothing was saved: somebody changed this score meanwhile. Look at it as it is now."
SAVED = "Saved. The points follow as soon as a worker has recalculated them."
NO_TASK = "The site has no task for that yet: apply its settings first."


@require_POST
@page(Role.OPERATOR, one_site=True)
def recalculate(request: Visit) -> HttpResponse:
    """Ask for all points of the site to be worked out now."""
    site = _site(request)
    found = score_states.recalculation_of(site)
    if found is None:
        messages.warning(request, NO_TASK)
        return redirect("scores", code=site.code)
    try:
        tasks.request(found.task, at=wall_clock(), by=request.by)
    except AlreadyRunning as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "The recalculation begins within seconds.")
    return redirect("scores", code=site.code)


@require_POST
@page(Role.ADMINISTRATOR, one_site=True)
def add(request: Visit) -> HttpResponse:
    site, form = _site(request), ScoreForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "A score needs a name of at most 100 characters.")
        return redirect("scores", code=site.code)
    name = form.cleaned_data["name"]
    _saved(request, site, score_editing.adding(name))
    made = Score.objects.filter(site=site, name=name).first()
    return (
        redirect("scores-detail", code=site.code, score_id=made.pk) if made else redirect("scores", site.code)
    )


@require_POST
@page(Role.ADMINISTRATOR, one_site=True)
def act(request: Visit, score_id: int, action: str) -> HttpResponse:
    """Carry out one of ACTIONS on a score."""
    if action not in ACTIONS:
        raise Http404("There is no such action.")
    score = score_of(request, score_id)
    _saved(request, score.site, ACTIONS[action](score.name))
    if not Score.objects.filter(pk=score.pk).exists():
        return redirect("scores", code=score.site.code)
    return _back(score)


@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR, one_site=True)
def add_rule(request: Visit, score_id: int, kind: str) -> HttpResponse:
    if kind not in FORMS:
        raise Http404("There is no such kind of rule.")
    score = score_of(request, score_id)
    form = FORMS[kind](request.POST if request.method == "POST" else None)
    if form.is_valid() and _saved(request, score.site, score_editing.putting_rule(score.name, form.table)):
        return _back(score)
    return _editor(request, score, form, title=f"New {kind} rule of {score.name}")


@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR, one_site=True)
def edit_rule(request: Visit, score_id: int, rule_id: int) -> HttpResponse:
    score = score_of(request, score_id)
    rule = _rule(request, score, rule_id)
    if rule is None:
        return _back(score)
    shown = table_of(rule)
    form = FORMS[kind_of(shown)](request.POST if request.method == "POST" else None, was=shown)
    if form.is_valid():
        edit = score_editing.putting_rule(score.name, form.table, instead_of=(rule.position, shown))
        if _saved(request, score.site, edit):
            return _back(score)
    return _editor(request, score, form, title=f"Rule {rule.name} of {score.name}")


@require_POST
@page(Role.ADMINISTRATOR, one_site=True)
def act_rule(request: Visit, score_id: int, rule_id: int, action: str) -> HttpResponse:
    """Carry out one of RULE_ACTIONS on a rule."""
    if action not in RULE_ACTIONS:
        raise Http404("There is no such action.")
    score = score_of(request, score_id)
    rule = _rule(request, score, rule_id)
    if rule is not None:
        _saved(request, score.site, RULE_ACTIONS[action](score.name, rule))
    return _back(score)


def _saved(request: Visit, site: Site, edit: Edit) -> bool:
    """Whether the scores were changed so; otherwise the person is told why not."""
    try:
        changes = score_editing.edit_scores(site, edit, at=wall_clock(), user=request.by)
    except Overtaken:
        messages.warning(request, OVERTAKEN)
    except ConfigurationError as refused:
        for problem in refused.problems:
            messages.error(request, f"Nothing was saved. {problem}")
    else:
        messages.success(request, SAVED if changes else "Nothing to change.")
        return True
    return False


def _rule(request: Visit, score: Score, rule_id: int) -> Rule | None:
    """The rule as it was shown; every change of a score gives its rules other numbers."""
    rule = Rule.objects.filter(score=score, pk=rule_id).first()
    if rule is None:
        messages.warning(request, OVERTAKEN)
    return rule


def _editor(request: Visit, score: Score, form: RuleForm, *, title: str) -> HttpResponse:
    return show(request, "console/score_rule.html", title=title, score=score, form=form)


def _back(score: Score) -> HttpResponse:
    return redirect("scores-detail", code=score.site.code, score_id=score.pk)


def _site(request: Visit) -> Site:
    return get_object_or_404(visible_sites(request))


def _up(name: str, rule: Rule) -> Edit:
    return score_editing.moving_rule(name, rule.position, table_of(rule), by=-1)


def _down(name: str, rule: Rule) -> Edit:
    return score_editing.moving_rule(name, rule.position, table_of(rule), by=1)


def _remove(name: str, rule: Rule) -> Edit:
    return score_editing.removing_rule(name, rule.position, table_of(rule))


ACTIONS: Mapping[str, Callable[[str], Edit]] = {
    "enable": lambda name: score_editing.enabling(name, True),
    "disable": lambda name: score_editing.enabling(name, False),
    "remove": score_editing.removing,
}
RULE_ACTIONS: Mapping[str, Callable[[str, Rule], Edit]] = {"up": _up, "down": _down, "remove": _remove}
