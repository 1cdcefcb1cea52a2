"""The journey of the mapping editor in Chromium."""

import pytest
from playwright.sync_api import expect

from leadferry.console.people.models import Role
from leadferry.ledger.configuration import export

from ..looking import overflow, serious_findings, snapshot


@pytest.fixture
def ada_of(mapped, given):
    given(mapped, {"key": "ada", "last_name": "Lovelace", "company": "Engines", "job_title": "Director"})
    return mapped


def test_a_row_is_added_previewed_corrected_and_saved(browser_page, ada_of):
    page = browser_page(Role.ADMINISTRATOR, ada_of, at="/site/acme/mapping/")
    page.get_by_label("Another lead field").select_option("Title")
    page.get_by_role("button", name="Add row").click()
    row = page.get_by_role("row", name="Title Title")
    row.get_by_label("Title", exact=True).select_option("template")
    row.get_by_label("Text of Title").fill("{{ contact.job_titel | upper }}")
    expect(row).to_contain_text("Cannot be saved:")
    expect(page.get_by_role("region", name="What saving does")).to_contain_text("cannot be saved yet")
    row.get_by_label("Text of Title").fill("{{ contact.job_title | upper }}")
    expect(row).to_contain_text("DIRECTOR")
    expect(page.get_by_role("region", name="What saving does")).to_contain_text("mapping.Title: (not set)")
    snapshot(page, "mapping-1280")
    assert serious_findings(page) == []
    page.get_by_label("Last Name", exact=True).select_option("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was saved")
    expect(page.get_by_role("row", name="Last Name")).to_contain_text("it has no source")
    page.get_by_label("Last Name", exact=True).select_option("field:last_name")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The mapping was saved")).to_be_visible()
    assert "{{ contact.job_title | upper }}" in export(["acme"])


def test_the_editor_is_usable_on_a_telephone(browser_page, ada_of):
    page = browser_page(Role.ADMINISTRATOR, ada_of, at="/site/acme/mapping/", width=390)
    expect(page.get_by_label("Last Name", exact=True)).to_be_visible()
    snapshot(page, "mapping-390")
    assert (overflow(page), serious_findings(page)) == (0, [])
