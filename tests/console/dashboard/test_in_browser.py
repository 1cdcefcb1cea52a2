"""The dashboard in Chromium: read at both widths, by keyboard, in the dark, and without eyes."""

import pytest

from leadferry.console.people.models import Role

from ..looking import overflow, serious_findings, snapshot


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_at_any_width_and_light(browser_page, acme, width, scheme):
    page = browser_page(Role.VIEWER, acme, at="/site/acme/", width=width)
    page.emulate_media(color_scheme=scheme)
    page.reload()
    assert page.locator("html.dark").count() == (scheme == "dark")
    assert page.get_by_role("heading", name="Contacts by status").is_visible()
    assert page.get_by_role("row", name="Replicated 4").is_visible()
    assert page.get_by_role("img", name="API calls in the last 24 hours").is_visible()
    assert overflow(page) == 0
    assert serious_findings(page) == []
    snapshot(page, f"dashboard-{width}" + "-dark" * (scheme == "dark"))


def test_the_numbers_behind_a_chart_are_reached_by_keyboard_and_stay_open(browser_page, acme):
    page = browser_page(Role.VIEWER, acme, at="/site/acme/")
    chart = page.locator("summary", has_text="Contacts delivered and refused")
    chart.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table").filter(has=page.get_by_role("columnheader", name="Delivered"))
    assert table.get_by_role("row").count() == 15
