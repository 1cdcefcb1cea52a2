"""Who changed what (product description, section 8): settings with before and after, and what people did."""

from auditlog.models import LogEntry
from django.db.models import QuerySet
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from leadferry.console.people.models import Role
from leadferry.console.people.trail import changes_of, done_by_people
from leadferry.console.web.audit.forms import ActionFilter, ChangeFilter
from leadferry.console.web.audit.rows import row_of
from leadferry.console.web.pages import Visit, page, show
from leadferry.ledger.models import Event

A_PAGE = 50


@require_GET
@page(Role.ADMINISTRATOR)
def changes(request: Visit) -> TemplateResponse:
    """Changes in the console, newest first, each with before and after."""
    form = ChangeFilter(request.GET)
    found = form.applied(changes_of(request.site)) if form.is_valid() else LogEntry.objects.none()
    listed, after = _paged(request, found)
    rows = [row_of(entry) for entry in listed]
    return show(request, "console/audit.html", title="Audit", rows=rows, form=form, after=after)


@require_GET
@page(Role.ADMINISTRATOR)
def actions(request: Visit) -> TemplateResponse:
    """What people did, in the console or by a command that knew their name, newest first."""
    form = ActionFilter(request.GET)
    site = request.site
    found = form.applied(done_by_people(site)) if form.is_valid() else Event.objects.none()
    listed, after = _paged(request, found)
    return show(request, "console/audit_actions.html", title="Audit", events=listed, form=form, after=after)


def _paged(
    request: Visit, found: "QuerySet[LogEntry] | QuerySet[Event]"
) -> tuple[list[LogEntry | Event], str]:
    """A page of rows, newest first, and the query of the next page's address; empty when there is none."""
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-pk")[: A_PAGE + 1])
    if len(rows) <= A_PAGE:
        return rows, ""
    query = request.GET.copy()
    query["before"] = str(rows[A_PAGE - 1].pk)
    return rows[:A_PAGE], query.urlencode()
