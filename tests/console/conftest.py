"""People of every role, signed in: in Django's client and in a real browser."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from leadferry.console.people.entering import link_token
from leadferry.console.people.models import Membership, Role
from leadferry.console.serving.web import served
from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import tasks

from .. import chromium

QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

SignedIn = Callable[..., Client]
OpenPage = Callable[..., Page]


@pytest.fixture
def person(db) -> Callable[..., User]:
    """Makes a person: `person(Role.OPERATOR, acme)`; without site, the role is on all of them."""

    def person(role: Role | None, *sites: Site) -> User:
        name = role.label.lower() if role else "stranger"
        user = User.objects.create_user(f"{name}{User.objects.count()}", password="correct horse battery")
        for site in sites or ([None] if role else []):
            Membership.objects.create(user=user, site=site, role=role)
        return user

    return person


@pytest.fixture
def signed_in(person) -> SignedIn:
    """A client of Django's for a new person: `signed_in(Role.VIEWER, acme).get("/site/acme/tasks/")`."""

    def signed_in(role: Role | None, *sites: Site, checks: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks)
        client.force_login(person(role, *sites), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def with_tasks(acme: Site, globex: Site) -> Site:
    """Acme and Globex with the tasks that every site has."""
    for site in (acme, globex):
        tasks.follow(site, {"every": "1h", "timezone": "UTC"}, at=wall_clock())
    return acme


@pytest.fixture(scope="session")
def _browser() -> Iterator[Browser]:
    # Playwright runs an event loop in this thread, which is no reason for Django to refuse queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.PROGRAM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def console_url(transactional_db) -> Iterator[str]:
    """The console on a free port, on the database of this test."""
    with served(get_wsgi_application(), host="127.0.0.1", port=0) as url:
        yield url


@pytest.fixture
def browser_page(_browser: Browser, console_url: str, person) -> Iterator[OpenPage]:
    """Opens a page in Chromium as a new person: `browser_page(Role.OPERATOR, acme, at="/site/acme/tasks/")`.

    `width` is 1280 or 390 pixels. At the end, no script may have failed in any page.
    """
    failures: list[str] = []
    contexts = []

    def opened(role: Role, *sites: Site, at: str = "/", width: int = 1280) -> Page:
        context = _browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        token = link_token(person(role, *sites), now=wall_clock())
        page.goto(console_url + reverse("sign-in-link", args=[token]))
        page.goto(console_url + at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failures == []
