"""The pages of the people (product description, section 8).

Administrators of one site give roles there; administrators of all may do everything.
"""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadferry.console.people import staff
from leadferry.console.people.models import Role
from leadferry.console.people.roles import sites_of
from leadferry.console.web.pages import SWITCHABLE, Visit, may, page, show
from leadferry.console.web.people.forms import InviteForm, RoleForm
from leadferry.console.web.people.rows import row_of
from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock

A_PAGE = 50


@require_GET
@page(Role.ADMINISTRATOR)
def index(request: Visit) -> TemplateResponse:
    """The list: everybody, or who has a role on the site; `q` searches names and e-mail addresses."""
    wanted = request.GET.get("q", "").strip()
    people = staff.of(request.site)
    if wanted:
        people = people.filter(username__icontains=wanted) | people.filter(email__icontains=wanted)
    listed = Paginator(people, A_PAGE).get_page(request.GET.get("page"))
    locked = staff.locked_out(list(listed), now=wall_clock())
    rows = [row_of(user, site=request.site, locked=user.username in locked) for user in listed]
    return show(request, "console/people.html", title="People", rows=rows, listed=listed, wanted=wanted)


@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR)
def add(request: Visit) -> HttpResponse:
    """Invite somebody; the answer shows their password, once."""
    posted = request.POST if request.method == "POST" else None
    form = InviteForm(_places(request), everywhere=_everywhere(request), posted=posted)
    if not form.is_valid():
        return show(request, "console/person_add.html", title="Add a person", form=form)
    given, now = form.cleaned_data, wall_clock()
    user, password = staff.invite(
        given["username"], given["email"], site=form.site, role=given["role"], by=request.by, at=now
    )
    return _password_shown(request, user, password)


@require_http_methods(["GET", "POST"])
@page(Role.ADMINISTRATOR)
def edit(request: Visit, user_id: int) -> HttpResponse:
    """One person: their roles, and what can be done about them."""
    user = _person(request, user_id)
    posted = request.POST if request.method == "POST" else None
    form = RoleForm(_places(request), everywhere=_everywhere(request), posted=posted)
    if form.is_valid():
        try:
            staff.give_role(user, form.site, form.cleaned_data["role"], by=request.by, at=wall_clock())
        except staff.LastAdministrator as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"The role of {user.username} was changed.")
        return redirect("people-edit", code=request.site, user_id=user.pk)
    locked = user.username in staff.locked_out([user], now=wall_clock())
    row = row_of(user, site=request.site, locked=locked)
    return show(
        request, "console/person.html", title=user.username, form=form, row=row, full=_everywhere(request)
    )


@require_POST
@page(Role.ADMINISTRATOR)
def act(request: Visit, user_id: int, action: str) -> HttpResponse:
    """Carry out one of ACTIONS; for administrators of all sites, because a person is one for all of them."""
    if not _everywhere(request):
        raise PermissionDenied
    user = _person(request, user_id)
    if action == "reset-password":
        return _password_shown(request, user, staff.reset_password(user, by=request.by, at=wall_clock()))
    if action not in ACTIONS:
        raise Http404("There is no such action.")
    try:
        messages.success(request, f"{user.username}: {ACTIONS[action](user, request.by)}")
    except staff.LastAdministrator as refused:
        messages.error(request, str(refused))
    return redirect("people-edit", code=request.site, user_id=user.pk)


def _person(request: Visit, user_id: int) -> User:
    # Roles on a site may be given to whoever has one there, or was just invited.
    people = staff.of(request.site) if not _everywhere(request) else User.objects.all()
    return get_object_or_404(people, pk=user_id)


def _places(request: Visit) -> list[Site]:
    return [request.site] if request.site else list(sites_of(request.user)[:SWITCHABLE])


def _everywhere(request: Visit) -> bool:
    return may(request, Role.ADMINISTRATOR, None)


def _password_shown(request: Visit, user: User, password: str) -> HttpResponse:
    return show(
        request, "console/person_password.html", title="Password to hand over", person=user, password=password
    )


def _activate(user: User, by: str) -> str:
    staff.activate(user, True, by=by, at=wall_clock())
    return "may sign in again."


def _deactivate(user: User, by: str) -> str:
    staff.activate(user, False, by=by, at=wall_clock())
    return "may not sign in any more."


def _sign_out(user: User, by: str) -> str:
    ended = staff.sign_out_everywhere(user, by=by, at=wall_clock())
    return f"signed out of {ended} sessions."


def _unlock(user: User, by: str) -> str:
    staff.unlock_by_hand(user, by=by, at=wall_clock())
    return "unlocked."


ACTIONS: Mapping[str, Callable[[User, str], str]] = {
    "activate": _activate,
    "deactivate": _deactivate,
    "sign-out": _sign_out,
    "unlock": _unlock,
}
