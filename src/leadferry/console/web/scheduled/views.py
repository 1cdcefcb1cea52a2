"""The pages of the scheduled tasks (product description, section 6)."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadferry.console.people.models import Role
from leadferry.console.web.pages import Visit, may, page, show, visible_sites
from leadferry.console.web.scheduled.forms import ScheduleForm
from leadferry.console.web.scheduled.rows import row_of
from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock
from leadferry.engine.reschedule import enable, reschedule
from leadferry.ledger import tasks
from leadferry.ledger.models import Task
from leadferry.ledger.tasks import AlreadyRunning, NotRunning, name_of


@require_GET
@page(Role.VIEWER)
def index(request: Visit) -> TemplateResponse:
    """The list; to htmx, which asks for it every few seconds, only the table."""
    now = wall_clock()
    listed = Task.objects.filter(site__in=visible_sites(request)).select_related("site")
    operated = {site.pk for site in visible_sites(request) if may(request, Role.OPERATOR, site)}
    rows = [row_of(task, now=now, operator=task.site_id in operated) for task in listed]
    template = "console/tasks_table.html" if request.htmx else "console/tasks.html"  # type: ignore[attr-defined]
    return show(request, template, title="Scheduled tasks", rows=rows)


@require_http_methods(["GET", "POST"])
@page(Role.OPERATOR, one_site=True)
def edit(request: Visit, task_id: int) -> HttpResponse:
    task = _task(request, task_id)
    form = ScheduleForm(task, request.POST if request.method == "POST" else None)
    if form.is_valid():
        reschedule(
            task,
            schedule=form.table,
            start=form.start_at,
            options=form.options,
            at=wall_clock(),
            by=request.by,
        )
        messages.success(request, f"{name_of(task)} of {task.site.code}: the new schedule is in force.")
        return redirect("tasks", code=task.site.code)
    return show(request, "console/task_edit.html", title=f"Edit {name_of(task)}", form=form, task=task)


@require_POST
@page(Role.OPERATOR, one_site=True)
def act(request: Visit, task_id: int, action: str) -> HttpResponse:
    """Carry out one of ACTIONS and go back to the list."""
    task = _task(request, task_id)
    try:
        done = _action(action)(task, request.by)
    except (AlreadyRunning, NotRunning) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"{name_of(task)} of {task.site.code}: {done}")
    return redirect("tasks", code=None if request.POST.get("from") == "all" else task.site.code)


def _task(request: Visit, task_id: int) -> Task:
    site: Site | None = request.site
    if site is None:
        raise PermissionDenied
    return get_object_or_404(Task.objects.select_related("site"), pk=task_id, site=site)


def _action(name: str) -> Callable[[Task, str], str]:
    if name not in ACTIONS:
        raise Http404("There is no such action.")
    return ACTIONS[name]


def _execute(task: Task, by: str) -> str:
    tasks.request(task, at=wall_clock(), by=by)
    return "begins within seconds."


def _cancel(task: Task, by: str) -> str:
    tasks.cancel(task, at=wall_clock(), by=by)
    return "stops after the batch under way."


def _enable(task: Task, by: str) -> str:
    enable(task, True, at=wall_clock(), by=by)
    return "enabled."


def _disable(task: Task, by: str) -> str:
    enable(task, False, at=wall_clock(), by=by)
    return "disabled."


def _reset(task: Task, by: str) -> str:
    tasks.reset(task, at=wall_clock(), by=by)
    return "executions are counted from 0."


ACTIONS: Mapping[str, Callable[[Task, str], str]] = {
    "execute": _execute,
    "cancel": _cancel,
    "enable": _enable,
    "disable": _disable,
    "reset": _reset,
}
