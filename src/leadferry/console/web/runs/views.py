"""The pages of the runs (product description, section 5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.addressing import number
from leadferry.console.web.pages import Visit, may, page, show, visible_sites
from leadferry.console.web.runs.rows import LOOK, row_of
from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import run_log, tasks
from leadferry.ledger.event_log import Wanted, page_of
from leadferry.ledger.events import ERROR
from leadferry.ledger.models import Run
from leadferry.ledger.tasks import AlreadyRunning, NotRunning

NO_TASK = "The site has no replication task yet: apply its settings first."
BY_COMMAND = "This run was not begun by the scheduled task; stop it where it was begun."


@require_GET
@page(Role.VIEWER)
def index(request: Visit) -> TemplateResponse:
    """The list, newest first; to htmx only the table."""
    status, before = request.GET.get("status", ""), number(request.GET.get("before", ""))
    status = status if status in LOOK else ""
    found = run_log.page_of(visible_sites(request), status=status, before=before)
    now = wall_clock()
    partial = request.htmx  # type: ignore[attr-defined]
    return show(
        request,
        "console/runs_table.html" if partial else "console/runs.html",
        title="Runs",
        rows=[row_of(run, now=now) for run in found.runs],
        older=found.older,
        newest=before is None,
        status=status,
        statuses=list(LOOK),
        operator=bool(request.site) and may(request, Role.OPERATOR, request.site),
    )


@require_GET
@page(Role.VIEWER, one_site=True)
def detail(request: Visit, run_id: int) -> TemplateResponse:
    """One run; to htmx, which asks every two seconds while it lasts, only what changes."""
    run = _run(request, run_id)
    wanted = Wanted(sites=[run.site.code], run=str(run.pk))
    refused = Wanted(sites=[run.site.code], run=str(run.pk), type=ERROR)
    partial = request.htmx  # type: ignore[attr-defined]
    return show(
        request,
        "console/run_live.html" if partial else "console/run.html",
        title=f"Run {run.pk}",
        row=row_of(run, now=wall_clock()),
        progress=run_log.progress_of(run),
        events=page_of(wanted),
        refused=page_of(refused),
        operator=may(request, Role.OPERATOR, run.site),
    )


@require_POST
@page(Role.OPERATOR, one_site=True)
def execute(request: Visit) -> HttpResponse:
    """Ask for a run now."""
    site = _site(request)
    task = run_log.task_of(site)
    try:
        if task is None:
            raise NotRunning(NO_TASK)
        tasks.request(task, at=wall_clock(), by=request.by)
    except (AlreadyRunning, NotRunning) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"A run of {site.code} begins within seconds.")
    return redirect("runs", code=site.code)


@require_POST
@page(Role.OPERATOR, one_site=True)
def cancel(request: Visit, run_id: int) -> HttpResponse:
    """Ask the run to stop after its batch."""
    run = _run(request, run_id)
    task = run_log.task_of(run.site)
    try:
        if run.ended_at is not None:
            raise NotRunning(f"Run {run.pk} has ended.")
        if task is None or not task.running:
            raise NotRunning(BY_COMMAND)
        tasks.cancel(task, at=wall_clock(), by=request.by)
    except NotRunning as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"Run {run.pk} stops after the batch under way.")
    return redirect("runs-detail", code=run.site.code, run_id=run.pk)


def _site(request: Visit) -> Site:
    return get_object_or_404(visible_sites(request))


def _run(request: Visit, run_id: int) -> Run:
    runs = Run.objects.select_related("site")
    return get_object_or_404(runs, pk=run_id, site__in=visible_sites(request))
