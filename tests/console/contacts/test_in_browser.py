"""The journeys of the contacts in Chromium."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from leadferry.console.people.models import Role

SCREENSHOTS = Path(__file__).parents[3] / "docs" / "screenshots"
LIST = "/site/acme/contacts/"


def photographed(page, name, width):
    if os.environ.get("LEADFERRY_SCREENSHOTS") == "1":
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png")


@pytest.mark.parametrize("width", [1280, 390])
def test_an_operator_finds_a_blocked_contact_mends_it_and_sends_it(browser_page, crowd, acme, width):
    page = browser_page(Role.OPERATOR, acme, at=LIST, width=width)
    photographed(page, "contacts", width)
    page.get_by_label("Replication").select_option("blocked")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("1 contact", exact=True)).to_be_visible()
    page.get_by_role("link", name="Byron").click()
    page.get_by_role("link", name="Salesforce", exact=True).click()
    expect(page.get_by_text("Salesforce refused it")).to_be_visible()
    photographed(page, "contact-salesforce", width)
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("E-mail").fill("bob@example.com")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The contact was saved")).to_be_visible()
    page.get_by_role("link", name="Salesforce", exact=True).click()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("first in line")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_an_operator_imports_a_file_after_a_look_at_it(browser_page, crowd, acme, home, tmp_path, width):
    file = tmp_path / "people.csv"
    file.write_text("key,last_name,birthday,tier\neve,Everett,1990-01-02,gold\nfay,Fay,never,\n")
    page = browser_page(Role.OPERATOR, acme, at=LIST, width=width)
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("row", name="custom field tier")).to_be_visible()
    photographed(page, "contacts-import", width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Import all of the file").click()
    expect(page.get_by_role("row", name="an ISO 8601 date")).to_be_visible()
    page.get_by_role("link", name="To the contacts").click()
    expect(page.get_by_role("link", name="Everett")).to_be_visible()
