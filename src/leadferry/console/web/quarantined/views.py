"""The pages of the quarantine (product description, section 5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.addressing import number
from leadferry.console.web.pages import Visit, may, page, show, visible_sites
from leadferry.core.outcome import explain
from leadferry.core.quarantine import RELEASES
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import causes, quarantine

GONE = "Nobody was unblocked: who was meant is not in quarantine any more."


@require_GET
@page(Role.VIEWER, one_site=True)
def index(request: Visit) -> TemplateResponse:
    """The causes, with how many contacts each holds back and what helps."""
    site = get_object_or_404(visible_sites(request))
    groups = causes.groups(site)
    return show(
        request,
        "console/quarantine.html",
        title="Quarantine",
        groups=groups,
        total=sum(group.count for group in groups),
        many=any(group.many for group in groups),
        releases=RELEASES.values(),
        operator=may(request, Role.OPERATOR, site),
    )


@require_GET
@page(Role.VIEWER, one_site=True)
def cause(request: Visit, cause: str) -> TemplateResponse:
    """The contacts that one cause holds back."""
    site = get_object_or_404(visible_sites(request))
    after = number(request.GET.get("after", "")) or 0
    held, further = causes.contacts_of(site, cause, after=after)
    return show(
        request,
        "console/quarantine_cause.html",
        title=f"Quarantine: {cause}",
        group=causes.group_of(site, cause),
        cause=cause,
        told=explain(cause),
        held=held,
        further=further,
        first=after == 0,
        operator=may(request, Role.OPERATOR, site),
    )


@require_POST
@page(Role.OPERATOR, one_site=True)
def unblock(request: Visit) -> HttpResponse:
    """Lift the blocks of one contact (`key`), of a cause (`cause`), or of all (`all`)."""
    site = get_object_or_404(visible_sites(request))
    key, code = request.POST.get("key"), request.POST.get("cause")
    released = 0
    if key or code or request.POST.get("all"):
        released = quarantine.release(
            site, keys=[key] if key else None, code=code or None, by=request.by, at=wall_clock()
        )
    if released:
        people, them = ("1 contact", "it") if released == 1 else (f"{released:,} contacts", "them")
        messages.success(request, f"{people} unblocked; the next run looks at {them}.")
    else:
        messages.warning(request, GONE)
    if key and code:
        return redirect("quarantine-cause", code=site.code, cause=code)
    return redirect("quarantine", code=site.code)
