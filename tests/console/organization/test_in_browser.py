"""The journey in Chromium: from the console to Salesforce's consent page and back, and the end of it."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from leadferry.console.people.models import Role
from leadferry.engine.replicate import replicate, wall_clock
from leadferry.ledger import grants

from .conftest import PAGE

PICTURES = Path(__file__).parents[3] / "docs" / "screenshots"


def photographed(page: Page, name: str, width: int) -> None:
    """Keep the picture for the docs when asked to; at any rate the page must fit."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if os.environ.get("LEADFERRY_SCREENSHOTS"):
        page.screenshot(path=PICTURES / f"{name}-{width}.png")


@pytest.mark.parametrize("width", [1280, 390])
def test_an_administrator_connects_runs_tests_and_disconnects(browser_page, site, ada, org, width):
    page = browser_page(Role.ADMINISTRATOR, site, at=PAGE, width=width)
    page.get_by_role("button", name="Connect in the browser").click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text(f"Connected to organization {org.id}")).to_be_visible()
    expect(page.locator("dl")).to_contain_text(org.settings.username)
    expect(page.locator("dl")).to_contain_text(org.id)
    assert replicate(site, clock=wall_clock).created == 1
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("row", name="Signed in to organization")).to_be_visible()
    photographed(page, "organization", width)
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("Disconnected: the credentials were forgotten here.")).to_be_visible()
    assert grants.token(site) is None and org.store.documents("grant") == {}


def test_a_denial_leads_back_and_says_so(browser_page, site):
    page = browser_page(Role.ADMINISTRATOR, site, at=PAGE)
    page.get_by_role("button", name="Connect in the browser").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("told to deny the access")).to_be_visible()
    expect(page.get_by_role("button", name="Connect in the browser")).to_be_visible()
    assert grants.token(site) is None


@pytest.mark.parametrize("width", [1280, 390])
def test_an_administrator_enters_client_credentials(browser_page, site, org, width):
    page = browser_page(Role.ADMINISTRATOR, site, at=PAGE, width=width)
    page.get_by_role("link", name="Client credentials").click()
    page.get_by_label("Client secret").fill("another secret")
    photographed(page, "organization-credentials", width)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Test the connection now.")).to_be_visible()
