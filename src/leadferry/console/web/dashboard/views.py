"""The dashboard (product description, section 8)."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from leadferry.console.people.models import Role
from leadferry.console.web.dashboard.board import board_of
from leadferry.console.web.pages import SWITCHABLE, Visit, page, show, visible_sites
from leadferry.engine.replicate import wall_clock


@require_GET
@page(Role.VIEWER)
def index(request: Visit) -> TemplateResponse:
    """The page; to htmx, which asks for it every few seconds, only what changes."""
    sites = list(visible_sites(request)[:SWITCHABLE])
    template = "console/dashboard_board.html" if request.htmx else "console/dashboard.html"  # type: ignore[attr-defined]
    board = board_of(sites, code=request.site.code if request.site else None, clock=wall_clock)
    return show(request, template, title="Dashboard", board=board)
