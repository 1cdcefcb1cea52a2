"""The mapping of a site: contact fields to lead fields (product description, section 4, Mapping)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.mapping.editor import Editor
from leadferry.console.web.pages import Visit, page, show
from leadferry.console.web.settings.views import OVERTAKEN
from leadferry.contacts.models import Site
from leadferry.engine.remap import Blocked, remap
from leadferry.engine.replicate import wall_clock
from leadferry.ledger.configuration import ConfigurationError, Overtaken

PAGE = "console/mapping.html"


@require_http_methods(["GET", "POST"])
@page(Role.VIEWER, one_site=True)
def index(request: Visit) -> HttpResponse:
    """The editor. What is posted is saved, or with `do` shown again: add, look, or given up: inherit."""
    site = _site(request)
    if request.method == "GET":
        return _shown(request, _stored(site, request.GET.get("contact", "")))
    if request.role < Role.ADMINISTRATOR:
        raise PermissionDenied
    editor = Editor.posted(site, request.POST)
    match request.POST.get("do", "save"):
        case "add":
            editor.add(request.POST.get("add", ""))
            return _shown(request, editor, effects=True)
        case "look":
            return _shown(request, editor, effects=True)
        case "inherit":
            return _saved(request, editor, inherit=True)
    return _saved(request, editor)


@require_POST
@page(Role.VIEWER, one_site=True)
def preview(request: Visit) -> TemplateResponse:
    """To htmx, while somebody edits: what to know of each row, and what saving would do."""
    editing = request.role >= Role.ADMINISTRATOR
    site = _site(request)
    # To others the rows are shown only, so that their browsers post nothing but the contact's key.
    editor = Editor.posted(site, request.POST) if editing else _stored(site, request.POST.get("contact", ""))
    return _shown(request, editor, effects=editing, template="console/mapping_seen.html")


def _stored(site: Site, contact: str) -> Editor:
    editor = Editor.stored(site)
    editor.contact = contact.strip()
    return editor


def _saved(request: Visit, editor: Editor, *, inherit: bool = False) -> HttpResponse:
    try:
        changes = remap(
            editor.site,
            mapping=editor.table,
            key_field=editor.key_field,
            base=editor.base,
            by=request.by,
            at=wall_clock(),
            inherit=inherit,
        )
    except (ConfigurationError, Blocked):
        return _shown(request, editor, refused=True)
    except Overtaken:
        messages.error(request, OVERTAKEN)
    else:
        messages.success(
            request,
            "The mapping was saved; the next run sends the leads it alters."
            if changes
            else "Nothing was to be changed.",
        )
        for warning in changes.warnings:
            messages.warning(request, warning)
    return redirect("mapping", code=editor.site.code)


def _shown(
    request: Visit, editor: Editor, *, effects: bool = False, refused: bool = False, template: str = PAGE
) -> TemplateResponse:
    editor.look(effects=effects)
    return show(
        request,
        template,
        title="Mapping",
        refused=refused,
        editable=request.role >= Role.ADMINISTRATOR,
        **editor.content(),
    )


def _site(request: Visit) -> Site:
    site: Site | None = request.site
    if site is None:
        raise PermissionDenied
    return site
