"""What every test has: one database per process, no network, and the standing cast.

Sites Acme and Globex must never see each other. Ada qualifies, Bob has no e-mail, Cy scores too low.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from django.db import connection

from leadferry.contacts.models import Site
from leadferry.simulator import Org, create_app, running

from . import environment, loopback, postgres

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

Clock = Callable[[], datetime]


def pytest_configure() -> None:
    loopback.block()
    connection.settings_dict["TEST"]["NAME"] = environment.database_name()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what needs PostgreSQL where there is none; in CI it stays in, and fails."""
    needy = [item for item in items if item.get_closest_marker("postgres")]
    if needy and not postgres.required() and postgres.missing():
        config.hook.pytest_deselected(items=needy)
        items[:] = [item for item in items if item not in needy]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not postgres.required() and (reason := postgres.missing()):
        terminalreporter.write_line(f"NOT RUN: tests marked postgres, because {reason}", yellow=True)


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
def org() -> Iterator[Org]:
    """A Salesforce organization in memory."""
    org = Org()
    yield org
    org.store.close()


@pytest.fixture
def transport(org: Org) -> httpx2.WSGITransport:
    """The way to `org` without a socket."""
    return httpx2.WSGITransport(app=create_app(org))


@pytest.fixture
def simulator_url(org: Org) -> Iterator[str]:
    """The address of `org`, served on a free loopback port."""
    with running(org) as url:
        yield url
