"""The list of contacts, and the same as a file (product description, section 2)."""

from typing import cast

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from leadferry.console.people.models import Role
from leadferry.console.web.contacts.export import FORMS
from leadferry.console.web.contacts.filters import ContactFilter
from leadferry.console.web.contacts.subject import site_of
from leadferry.console.web.pages import Visit, may, page, show
from leadferry.engine.listing.pages import everyone
from leadferry.engine.listing.pages import page as page_of

LOOK = {
    "replicated": "success",
    "converted": "success",
    "blocked": "danger",
    "invalid": "danger",
    "retrying": "warning",
    "outdated": "warning",
    "pending": "info",
}


@require_GET
@page(Role.VIEWER, one_site=True)
def index(request: Visit) -> TemplateResponse:
    """One page; to htmx only the table."""
    site, form = site_of(request), ContactFilter(request.GET)
    after = request.GET.get("after", "")[:2000]
    found = page_of(site, form.wanted(), order=form.sorted_by(), after=after)
    partial = request.htmx  # type: ignore[attr-defined]
    return show(
        request,
        "console/contacts_table.html" if partial else "console/contacts.html",
        title="Contacts",
        form=form,
        found=found,
        rows=[(row, LOOK.get(row.standing.status, "")) for row in found.rows],
        query=form.query(),
        first=not after,
        operator=may(request, Role.OPERATOR, site),
    )


@require_GET
@page(Role.VIEWER, one_site=True)
def export(request: Visit, form: str) -> HttpResponse:
    """All of the filtered list, streamed."""
    if form not in FORMS:
        raise Http404("There is no such form.")
    site, asked = site_of(request), ContactFilter(request.GET)
    kind, write = FORMS[form]
    rows = (row for some in everyone(site, asked.wanted(), order=asked.sorted_by()) for row in some)
    response = StreamingHttpResponse(write(rows), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="contacts-{site.code}.{form}"'
    response["Cache-Control"] = "no-store"
    # Views that stream are given as what the others are: both are answers.
    return cast(HttpResponse, response)
