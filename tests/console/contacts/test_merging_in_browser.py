"""Merging and splitting, as a person does it."""

import pytest
from playwright.sync_api import expect

from leadferry.console.people.models import Role

from .test_in_browser import photographed


@pytest.mark.parametrize("width", [1280, 390])
def test_an_operator_merges_two_contacts_after_a_look_and_splits_them(browser_page, crowd, acme, width):
    page = browser_page(Role.OPERATOR, acme, at=f"/site/acme/contacts/{crowd['cy'].pk}/", width=width)
    page.get_by_role("link", name="Merge…").click()
    page.get_by_label("Key of the other contact").fill("ada")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("cy is not sent any more")).to_be_visible()
    photographed(page, "contact-merge", width)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Merge cy into ada").click()
    expect(page.get_by_text("cy was merged into ada.")).to_be_visible()
    page.goto(page.url.replace(f"/{crowd['ada'].pk}/", f"/{crowd['cy'].pk}/"))
    page.get_by_role("button", name="Split").click()
    expect(page.get_by_text("its own lead again")).to_be_visible()
