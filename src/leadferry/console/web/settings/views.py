"""The settings of a site's replication, and those that all sites inherit (product description, section 4)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.pages import Visit, page, show
from leadferry.console.web.settings.fields import LABELS, read, setting_fields
from leadferry.engine.foresight import Foresight, foresee
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import configuration
from leadferry.ledger.configuration import ConfigurationError, Overtaken
from leadferry.ledger.configuration.tables import IN_TEMPLATES
from leadferry.ledger.models import Settings
from leadferry.ledger.settings import Replication
from leadferry.ledger.templates import check_template

OVERTAKEN = (
    "Somebody else has changed these settings meanwhile. "
    "They are shown as they are now; yours were not saved."
)

Table = Mapping[str, Any]


@require_http_methods(["GET", "POST"])
@page(Role.VIEWER)
def index(request: Visit) -> HttpResponse:
    """The form. What is posted is saved, or with `do` shown again: override KEY, inherit KEY, look."""
    if request.method == "GET":
        return _shown(request, _stored(request), configuration.seen(_code(request)))
    if request.role < Role.ADMINISTRATOR:
        raise PermissionDenied
    action, _, key = request.POST.get("do", "save").partition(" ")
    own, base = read(request.POST.dict()), request.POST.get("base", "")
    match action:
        case "override":
            return _looked(request, {**own, **_inherited(request, key)}, base, fresh=key)
        case "inherit":
            return _looked(request, {name: own[name] for name in own if name != key}, base)
        case "look":
            return _looked(request, own, base)
    return _saved(request, own, base)


@require_POST
@page(Role.ADMINISTRATOR)
def effects(request: Visit) -> TemplateResponse:
    """To htmx: what saving the form would do, or what is wrong with it."""
    own = read(request.POST.dict())
    try:
        found, problems = foresee(_code(request), {"replication": own}), {}
    except ConfigurationError as refused:
        found, problems = None, by_key(refused)
    return show(request, "console/effects.html", title="Settings", foresight=found, problems=problems)


@require_POST
@page(Role.VIEWER)
def template(request: Visit) -> TemplateResponse:
    """To htmx, while somebody types: what is wrong with a template."""
    text = request.POST.get("lead_description", "")
    return show(
        request, "console/template_check.html", title="Template", faults=check_template(text, IN_TEMPLATES)
    )


def by_key(refused: ConfigurationError) -> dict[str, list[str]]:
    """What was found wrong, by the last part of the key's path."""
    found: dict[str, list[str]] = {}
    for problem in refused.problems:
        found.setdefault(problem.path.rpartition(".")[2], []).append(problem.message)
    return found


def _saved(request: Visit, own: Table, base: str) -> HttpResponse:
    try:
        changes = configuration.edit(
            _code(request), {"replication": own}, base=base, now=wall_clock(), user=request.by
        )
    except ConfigurationError as refused:
        return _shown(request, own, base, problems=by_key(refused))
    except Overtaken:
        messages.error(request, OVERTAKEN)
    else:
        _told(request, len(changes.changes), changes.warnings)
    return redirect("settings", code=_code(request) or None)


def _told(request: Visit, changed: int, warnings: Iterable[str]) -> None:
    many = "setting is" if changed == 1 else "settings are"
    messages.success(request, f"{changed} {many} changed." if changed else "Nothing was to be changed.")
    for warning in warnings:
        messages.warning(request, warning)


def _looked(request: Visit, own: Table, base: str, *, fresh: str = "") -> HttpResponse:
    # What was overridden a moment ago and was set nowhere has no value yet.
    given = {key: value for key, value in own.items() if value is not None}
    try:
        found = foresee(_code(request), {"replication": given})
    except ConfigurationError as refused:
        return _shown(request, own, base, problems=by_key(refused), fresh=fresh)
    return _shown(request, own, base, foresight=found, fresh=fresh)


def _shown(
    request: Visit,
    own: Table,
    base: str,
    *,
    problems: Mapping[str, list[str]] | None = None,
    foresight: Foresight | None = None,
    fresh: str = "",
) -> TemplateResponse:
    default = _table(None) if request.site else {}
    fields = setting_fields(request.site, own, default, problems=problems or {}, fresh=fresh)
    named = {field.key for field in fields}
    return show(
        request,
        "console/settings.html",
        title="Settings",
        fields=fields,
        base=base,
        foresight=foresight,
        refused=bool(problems),
        other_problems=[
            text for key, texts in (problems or {}).items() if key not in named for text in texts
        ],
        editable=request.role >= Role.ADMINISTRATOR,
    )


def _inherited(request: Visit, key: str) -> Table:
    """The value that the key has without this scope: what overriding it starts from."""
    if key not in LABELS:
        return {}
    default = _table(None) if request.site else {}
    return {key: default.get(key, getattr(Replication, key))}


def _code(request: Visit) -> str:
    return request.site.code if request.site else ""


def _stored(request: Visit) -> Table:
    return _table(request.site.pk if request.site else None)


def _table(site_id: int | None) -> dict[str, Any]:
    found = Settings.objects.filter(site=site_id).values_list("replication", flat=True).first()
    return dict(found or {})
