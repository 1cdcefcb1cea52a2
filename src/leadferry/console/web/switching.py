"""From one site to another, staying on the page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from leadferry.console.people.roles import sites_of
from leadferry.console.web.pages import REMEMBERED

START = ("dashboard", "tasks")
"""Where people land: the first of these pages that there is."""


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The start page of the site that the person worked on last."""
    return redirect(_address("", request.session.get(REMEMBERED)))


@login_required
@require_GET
def switch(request: HttpRequest) -> HttpResponse:
    """The page `at` (the name of its address) of the site `to`; of all sites where `to` is empty."""
    wanted = request.GET.get("to", "")
    code = wanted if sites_of(request.user).filter(code=wanted).exists() else None
    return redirect(_address(request.GET.get("at", ""), code))


def _address(name: str, code: str | None) -> str:
    for each in (name.partition("-")[0], *START):
        try:
            return reverse(each, args=[code])
        except NoReverseMatch:
            continue
    raise NoReverseMatch("the console has no start page")
