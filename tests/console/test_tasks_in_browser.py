"""The journey of the scheduled tasks in Chromium."""

import pytest
from playwright.sync_api import expect

from leadferry.console.people.models import Role
from leadferry.engine.replicate import wall_clock
from leadferry.engine.timetable import look
from leadferry.ledger.models import Task
from leadferry.ledger.tasks import Kind

from .looking import overflow


@pytest.mark.parametrize("width", [1280, 390])
def test_an_operator_has_a_task_executed_and_sees_what_came_of_it(browser_page, with_tasks, width):
    page = browser_page(Role.OPERATOR, with_tasks, at="/site/acme/tasks/", width=width)
    row = page.get_by_role("row", name="Salesforce replication")
    row.get_by_role("button", name="Execute now").click()
    expect(page.get_by_text("begins within seconds")).to_be_visible()
    look(Task.objects.get(site=with_tasks, kind=Kind.REPLICATION).pk, clock=wall_clock)
    expect(row.get_by_text("failed", exact=True)).to_be_visible(timeout=10_000)
    expect(row).to_contain_text("not enabled")
    assert overflow(page) == 0


def test_an_operator_edits_a_schedule(browser_page, with_tasks):
    page = browser_page(Role.OPERATOR, with_tasks, at="/site/acme/tasks/")
    page.get_by_role("row", name="Salesforce replication").get_by_role("link", name="Edit").click()
    page.get_by_label("Every", exact=False).first.fill("15")
    page.get_by_label("Period").select_option("m")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Salesforce replication")).to_contain_text("every 15m")


def test_a_viewer_sees_the_tasks_of_his_site_and_switches_to_no_other(browser_page, with_tasks):
    page = browser_page(Role.VIEWER, with_tasks, at="/all/tasks/")
    expect(page.get_by_role("row", name="Salesforce replication")).to_be_visible()
    assert page.get_by_role("button", name="Execute now").count() == 0
    assert page.get_by_label("Site").locator("option").all_text_contents() == ["All sites", "Acme"]
