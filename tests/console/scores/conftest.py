"""Acme with a score whose points are up to date."""

from collections.abc import Iterator

import pytest

from leadferry.contacts.models import Site
from leadferry.scoring.models import Score
from tests.engine.website import ADA, CY, Clock, Website, people


@pytest.fixture
def website(acme: Site) -> Iterator[Website]:
    """Ada and two more are directors, with 50 points each in `engagement`; Cy is not."""
    website = Website("acme", Clock())
    website.configure()
    website.receive(ADA, CY, *people(2))
    yield website
    website.org.store.close()


@pytest.fixture
def score(website: Website) -> Score:
    return Score.objects.get(site__code="acme", name="engagement")
