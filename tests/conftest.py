"""What every test has: one database per process, no network, and the standing cast.

Sites Acme and Globex must never see each other. Ada qualifies, Bob has no e-mail, Cy scores
too low.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from leadferry.contacts.importing import Report, Rows, import_contacts
from leadferry.contacts.models import Contact, Site
from leadferry.scoring.points import refresh
from leadferry.simulator import InProcess, Org, create_app, running

from . import chromium, environment, loopback, postgres

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

_DATABASE = {"db", "transactional_db"}

ADA = {"key": "ada", "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}
BOB = {"key": "bob", "first_name": "Bob", "last_name": "Byron", "company": "Byron & Co"}
CY = {"key": "cy", "first_name": "Cy", "last_name": "Babbage", "email": "cy@example.com"}

Given = Callable[..., Report]


def pytest_configure() -> None:
    loopback.block()
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # commands that tests start choose for themselves
    connection.settings_dict["TEST"]["NAME"] = environment.database_name()
    # Passwords of tests need not be hard to guess: a hash that is costs each sign-in a third of a second.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what touches the database, so that `-m store` finds it.

    What needs PostgreSQL or a browser is left out where there is none; in CI it stays in, and fails.
    """
    for item in items:
        if item.get_closest_marker("django_db") or _DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("store")
    if postgres.required():
        return
    needy = {item for item in items if item.get_closest_marker("postgres") and postgres.missing()}
    needy |= {item for item in items if _in_browser(item) and chromium.missing()}
    if needy:
        config.hook.pytest_deselected(items=list(needy))
        items[:] = [item for item in items if item not in needy]


def _in_browser(item: pytest.Item) -> bool:
    return chromium.FIXTURE in getattr(item, "fixturenames", ())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if postgres.required():
        return
    if reason := postgres.missing():
        terminalreporter.write_line(f"NOT RUN: tests marked postgres, because {reason}", yellow=True)
    if reason := chromium.missing():
        terminalreporter.write_line(f"NOT RUN: tests in a browser, because {reason}", yellow=True)


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(_postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty PostgreSQL database for one test, which must be marked `postgres`."""
    assert request.node.get_closest_marker("postgres"), "mark this test with pytest.mark.postgres"
    with postgres.database(_postgres_server, f"leadferry_test_{uuid.uuid4().hex}") as url:
        yield url


class StoppedClock:
    """A clock that stands at NOW until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        self.now += timedelta(**duration)
        return self.now


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def home(tmp_path: Path, settings) -> Path:
    """A home folder of this test alone."""
    settings.HOME = tmp_path / "home"
    return settings.HOME


@pytest.fixture
def acme(db) -> Site:
    return Site.objects.create(code="acme", display_name="Acme")


@pytest.fixture
def globex(db) -> Site:
    return Site.objects.create(code="globex", display_name="Globex")


@pytest.fixture
def given(db) -> Given:
    """Imports records as contacts of a site, as any way in does: `given(acme, ADA, BOB)`."""

    def given(site: Site, *records: dict[str, object]) -> Report:
        return import_contacts(
            site, Rows(records), now=NOW, after_chunk=lambda ids: refresh(site, ids, now=NOW)
        )

    return given


@pytest.fixture
def ada(acme: Site, given: Given) -> Contact:
    """Ada of Acme, with everything a lead needs."""
    given(acme, ADA | {"company": "Analytical Ltd", "job_title": "Director of Engines"})
    return Contact.objects.get(site=acme, key="ada")


@pytest.fixture
def bob(acme: Site, given: Given) -> Contact:
    """Bob of Acme, whose e-mail address nobody knows."""
    given(acme, BOB)
    return Contact.objects.get(site=acme, key="bob")


@pytest.fixture
def cy(acme: Site, given: Given) -> Contact:
    """Cy of Acme, an engineer who decides nothing."""
    given(acme, CY | {"job_title": "Engineer"})
    return Contact.objects.get(site=acme, key="cy")


@pytest.fixture
def org() -> Iterator[Org]:
    """A Salesforce organization in memory."""
    org = Org()
    yield org
    org.store.close()


@pytest.fixture
def transport(org: Org) -> InProcess:
    """The way to `org` without a socket."""
    return InProcess(create_app(org))


@pytest.fixture
def simulator_url(org: Org) -> Iterator[str]:
    """The address of `org`, served on a free loopback port."""
    with running(org) as url:
        yield url
