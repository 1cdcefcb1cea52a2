"""Acme after a run in which Salesforce refused somebody."""

from collections.abc import Iterator

import pytest

from leadferry.contacts.models import Site
from tests.engine.website import ADA, BOB, Clock, Website, people


@pytest.fixture
def website(acme: Site) -> Iterator[Website]:
    """Acme with an organization of its own; nobody there yet."""
    website = Website("acme", Clock())
    website.configure()
    yield website
    website.org.store.close()


@pytest.fixture
def refused(website: Website) -> Website:
    """After a run: Ada was delivered, Bob is invalid (no last name), three people were refused."""
    website.refuse("Company", "^Acme Rockets$", "No rockets, <b>please</b>")
    website.receive(ADA, BOB, *people(3, company="Acme Rockets"))
    website.run()
    return website
