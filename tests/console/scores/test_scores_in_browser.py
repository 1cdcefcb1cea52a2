"""The editor of scores in Chromium."""

import pytest
from playwright.sync_api import expect

from leadferry.console.people.models import Role
from leadferry.engine.timetable import look
from leadferry.ledger.models import Task
from leadferry.ledger.tasks import Kind
from tests.conftest import NOW
from tests.console.looking import overflow, serious_findings, snapshot


@pytest.mark.parametrize("width", [1280, 390])
def test_an_administrator_adds_a_rule_and_has_the_score_recalculated(browser_page, website, acme, width):
    page = browser_page(Role.ADMINISTRATOR, acme, at="/site/acme/scores/", width=width)
    page.get_by_role("link", name="engagement", exact=True).click()
    page.get_by_role("link", name="Add attribute rule").click()
    page.get_by_label("Name").fill("Builds engines")
    page.get_by_label("Points").fill("25")
    page.get_by_label("Field", exact=False).first.select_option("company")
    page.get_by_label("Operator").select_option("contains")
    page.get_by_label("Value").fill("Engines")
    snapshot(page, f"score-rule-{width}")
    assert (overflow(page), serious_findings(page)) == (0, [])
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Builds engines")).to_contain_text("company contains “Engines”")
    expect(page.get_by_text("recalculation needed")).to_be_visible()
    snapshot(page, f"score-{width}")
    assert (overflow(page), serious_findings(page)) == (0, [])
    page.get_by_role("link", name="All scores").click()
    page.get_by_role("button", name="Recalculate now").click()
    look(Task.objects.get(site=acme, kind=Kind.SCORING).pk, clock=lambda: NOW)
    expect(page.get_by_text("up to date")).to_be_visible(timeout=10_000)
    snapshot(page, f"scores-{width}")
    assert (overflow(page), serious_findings(page)) == (0, [])
    page.get_by_role("link", name="Contacts of engagement").click()
    snapshot(page, f"score-contacts-{width}")
    page.get_by_role("link", name="75 points of ada").click()
    expect(page.get_by_role("row", name="Builds engines")).to_contain_text("25")
    assert (overflow(page), serious_findings(page)) == (0, [])
