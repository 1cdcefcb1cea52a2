"""Acme after a real run against an organization: one lead, one refused, one not worth it."""

from datetime import UTC, datetime

import pytest

from leadferry.contacts.models import Site
from tests.engine.website import ADA, CY, Clock, Website, people

RIVAL = ADA | {"key": "rival", "company": "Rivalry Ltd", "email": "rival@example.com"}


@pytest.fixture
def website(db, org) -> Website:
    clock = Clock()
    clock.now = datetime.now(UTC)
    website = Website("acme", clock, org=org)
    website.configure()
    website.refuse("Company", "^Rivalry", "No rivals")
    website.receive(ADA, RIVAL, CY, {"key": "visitor", "anonymous": True}, *people(3))
    website.run()
    return website


@pytest.fixture
def acme(website) -> Site:
    return website.site
