"""What every page of the console shares: who may see it, the site it is about, and its frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, register_converter, reverse

from leadferry.console.people.entering import must_change_password
from leadferry.console.people.models import Role
from leadferry.console.people.roles import role_of, sites_of
from leadferry.console.web.signing_in import BY_LINK
from leadferry.console.web.site import console
from leadferry.contacts.models import Site

REMEMBERED = "site"
SWITCHABLE = 500
"""Sites that the switcher offers; more are reached by their address."""


class Visit(HttpRequest):
    """A request to a page: who asks, the site the page is about (None: all), and what they may do there.

    `by` is what the event log calls the person.
    """

    user: User
    site: Site | None  # type: ignore[assignment]
    role: Role
    by: str


View = Callable[..., HttpResponse]


class Scope:
    """The start of an address: `all`, or `site/CODE`; a view gets the code, or None."""

    regex = "all|site/[a-z0-9_-]{1,50}"

    def to_python(self, value: str) -> str | None:
        return value.removeprefix("site/") if value != "all" else None

    def to_url(self, value: str | Site | None) -> str:
        return f"site/{value}" if value else "all"


register_converter(Scope, "scope")


def page(role: Role, *, one_site: bool = False) -> Callable[[View], View]:
    """A view of a page about a site, for people who have at least this role there.

    The address gives `code` (see Scope); the view gets ``request.site`` and ``request.role`` instead of it. A
    site that the person may not see is answered as one that does not exist. With `one_site`, an address
    without site leads to the first one they may see.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        @login_required
        def entered(request: Visit, code: str | None = None, **rest: Any) -> HttpResponse:
            if BY_LINK not in request.session and must_change_password(request.user):
                return redirect("admin:password_change")
            request.site, found = _opened(request, code)
            if one_site and request.site is None:
                return _elsewhere(request, rest)
            if found < role:
                raise PermissionDenied
            request.role, request.by = found, request.user.get_username()
            response: HttpResponse = view(request, **rest)
            return response

        return entered

    return decorated


def page_path(route: str, view: View, name: str) -> Any:
    """The address of a page in every scope: ``/all/…`` and ``/site/CODE/…``."""
    return path(f"<scope:code>/{route}", view, name=name)


def show(request: HttpRequest, template: str, *, title: str, **content: Any) -> TemplateResponse:
    """The page in the frame of the console. Templates extend ``console/page.html``."""
    frame = {**console.each_context(request), "switchable_sites": sites_of(request.user)[:SWITCHABLE]}
    context = {**frame, "title": title, **content}
    return TemplateResponse(request, template, context)


def visible_sites(request: HttpRequest) -> QuerySet[Site]:
    """The sites a page may speak of: the one it is about, or all that the person may see."""
    site = getattr(request, "site", None)
    return Site.objects.filter(pk=site.pk) if site else sites_of(request.user)


def may(request: HttpRequest, role: Role, site: Site | None) -> bool:
    """Whether the person has at least this role on the site."""
    return (role_of(request.user, site) or 0) >= role


def _opened(request: Visit, code: str | None) -> tuple[Site | None, Role]:
    if code is None:
        request.session.pop(REMEMBERED, None)
        # Over all sites a page shows only those that the person may see, so that any role is enough to look.
        return None, role_of(request.user, None) or _any_role(request)
    site = Site.objects.filter(code=code).first()
    role = role_of(request.user, site) if site else None
    if site is None or role is None:
        raise Http404("There is no such site.")
    if request.session.get(REMEMBERED) != code:
        request.session[REMEMBERED] = code
    return site, role


def _any_role(request: Visit) -> Role:
    if not sites_of(request.user).exists():
        raise PermissionDenied
    return Role.VIEWER


def _elsewhere(request: Visit, rest: dict[str, Any]) -> HttpResponse:
    first = sites_of(request.user).first()
    if first is None or request.resolver_match is None:
        raise Http404("There is no site yet.")
    return HttpResponseRedirect(
        reverse(request.resolver_match.view_name, kwargs={**rest, "code": first.code})
    )
