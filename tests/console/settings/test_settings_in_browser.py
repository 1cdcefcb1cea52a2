"""The journey of the settings in Chromium."""

import pytest
from playwright.sync_api import expect

from leadferry.console.people.models import Role
from leadferry.ledger.settings import effective

from ..looking import overflow, serious_findings, snapshot


@pytest.mark.parametrize("width", [1280, 390])
def test_an_administrator_overrides_sees_the_effect_saves_and_inherits_again(browser_page, ada, acme, width):
    page = browser_page(Role.ADMINISTRATOR, acme, at="/site/acme/settings/", width=width)
    page.get_by_role("button", name="Override: Enabled").click()
    page.get_by_role("combobox", name="Enabled").select_option("on")
    effects = page.get_by_role("region", name="What saving does")
    expect(effects).to_contain_text("replication.enabled: (not set) -> true")
    expect(effects.get_by_role("definition").nth(1)).to_have_text("1")
    page.get_by_role("button", name="Override: Lead description").click()
    page.get_by_role("textbox", name="Lead description").fill("{{ contact.nme }}")
    expect(page.get_by_text("contact.nme", exact=False).first).to_be_visible()
    page.get_by_role("textbox", name="Lead description").fill("{{ contact.last_name }}")
    expect(page.get_by_text("The template can be used.")).to_be_visible()
    page.get_by_role("textbox", name="Lead description").blur()
    expect(effects).to_contain_text("Saving changes 2 keys")
    snapshot(page, f"settings-{width}")
    assert (overflow(page), serious_findings(page)) == (0, [])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("2 settings are changed.")).to_be_visible()
    assert effective(acme).replication.enabled
    page.get_by_role("button", name="Inherit again: Enabled").click()
    expect(page.get_by_role("button", name="Override: Enabled")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 setting is changed.")).to_be_visible()
    assert not effective(acme).replication.enabled
