"""The pages of the event log (product description, section 7)."""

from typing import cast

from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from leadferry.console.people.models import Role
from leadferry.console.web.addressing import number
from leadferry.console.web.events.export import FORMS
from leadferry.console.web.events.forms import EventFilter
from leadferry.console.web.pages import Visit, may, page, show, visible_sites
from leadferry.ledger import event_log
from leadferry.ledger.event_log import Wanted

ERRORS = "errors"


@require_GET
@page(Role.VIEWER)
def index(request: Visit) -> TemplateResponse:
    """The lines that fit the filter; the tab `errors` has those of the replication apart from the noise."""
    form = EventFilter(request.GET)
    before = number(request.GET.get("before", ""))
    return show(
        request,
        "console/events.html",
        title="Event log",
        form=form,
        found=event_log.page_of(_wanted(request, form), before=before),
        newest=before is None,
        errors=request.GET.get("tab") == ERRORS,
        filtered=any(request.GET.get(name) for name in form.fields),
        query=_query(request),
    )


@require_GET
@page(Role.VIEWER)
def detail(request: Visit, number: int) -> TemplateResponse:
    """One line, with its neighbours among those that fit the filter."""
    wanted = _wanted(request, EventFilter(request.GET))
    line = event_log.line_of(wanted, number)
    if line is None:
        raise Http404("There is no such event.")
    return show(
        request,
        "console/event.html",
        title=f"Event {line.pk}",
        line=line,
        newer=event_log.newer_than(wanted, line.pk),
        older=event_log.older_than(wanted, line.pk),
        query=_query(request),
    )


@require_GET
@page(Role.VIEWER)
def export(request: Visit, form: str) -> HttpResponse:
    """All lines that fit the filter, as a file that is written while it is sent."""
    if form not in FORMS:
        raise Http404("There is no such form.")
    kind, write = FORMS[form]
    lines = event_log.every(_wanted(request, EventFilter(request.GET)))
    response = StreamingHttpResponse(write(lines), content_type=kind)
    scope = request.site.code if request.site else "all"
    response["Content-Disposition"] = f'attachment; filename="events-{scope}.{form}"'
    response["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)


def _wanted(request: Visit, form: EventFilter) -> Wanted:
    return form.wanted(_sites(request), replication_errors=request.GET.get("tab") == ERRORS)


def _sites(request: Visit) -> list[str] | None:
    """The codes of the sites whose lines the person may see; None: all, for a role on all sites."""
    if request.site is None and may(request, Role.VIEWER, None):
        return None
    return list(visible_sites(request).values_list("code", flat=True))


def _query(request: Visit) -> str:
    """The filter as it stands in the address, without the page."""
    kept = QueryDict(mutable=True)
    for name in ("tab", *EventFilter.base_fields):
        if value := request.GET.get(name):
            kept[name] = value
    return kept.urlencode()
