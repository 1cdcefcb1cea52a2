"""Signing in: the form, the link, and what a locked-out person reads."""

import ipaddress
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET
from unfold.forms import AuthenticationForm

from leadferry.console.people.entering import spend
from leadferry.console.web.site import console
from leadferry.engine.replicate import wall_clock

BY_LINK = "by_link"
"""In the session of who came by link, and so may not know the password that is to be changed."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    """Name and password; roles decide what comes after."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "The name or the password is wrong. Capital letters count in both.",
    }

    def confirm_login_allowed(self, user: User) -> None:
        """Whoever is active may sign in, unlike in Django's admin, which wants staff."""


class SignIn(LoginView):
    """The sign-in page; leads only to addresses of the console."""

    template_name = "admin/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        context = super().get_context_data(**given)
        context |= console.each_context(self.request)
        return context | {
            "title": "Sign in",
            "app_path": self.request.get_full_path(),
            "site_url": None,
        }


@require_GET
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link that the console printed on this machine; it works once, and only from here."""
    user = spend(token, now=wall_clock()) if _from_here(request) else None
    if user is None:
        return redirect("sign-in")
    login(request, user, backend=BACKEND)
    request.session[BY_LINK] = True
    return redirect("home")


def locked_out(request: HttpRequest, credentials: Any, *_: Any, **__: Any) -> HttpResponse:
    """The answer to somebody who failed too often."""
    context = {**console.each_context(request), "title": "Locked out", "site_url": None}
    return render(request, "console/locked_out.html", context, status=429)


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser is on this machine; behind a proxy it is not, whatever the address says."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    return ipaddress.ip_address(request.META["REMOTE_ADDR"]).is_loopback
