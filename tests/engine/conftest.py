"""Acme and Globex, each with its organization, its mapping and its score; nobody there yet."""

from collections.abc import Iterator

import pytest

from .website import Clock, Website


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sites(db, clock: Clock) -> Iterator[list[Website]]:
    """Websites to be closed at the end."""
    made: list[Website] = []
    yield made
    for website in made:
        website.org.store.close()


@pytest.fixture
def acme(sites: list[Website], clock: Clock) -> Website:
    return _opened("acme", sites, clock)


@pytest.fixture
def globex(sites: list[Website], clock: Clock) -> Website:
    return _opened("globex", sites, clock)


def _opened(code: str, sites: list[Website], clock: Clock) -> Website:
    website = Website(code, clock)
    sites.append(website)
    website.configure()
    website.forget_requests()
    return website
