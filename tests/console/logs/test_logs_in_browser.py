"""Runs, quarantine and event log in Chromium."""

import pytest
from playwright.sync_api import expect

from leadferry.console.people.models import Role
from leadferry.ledger import runs
from leadferry.ledger.models import Run
from tests.console.looking import overflow, serious_findings, snapshot


@pytest.mark.parametrize("width", [1280, 390])
def test_an_operator_finds_a_refused_contact_and_unblocks_it(browser_page, refused, acme, width):
    page = browser_page(Role.OPERATOR, acme, at="/site/acme/runs/", width=width)
    snapshot(page, f"runs-{width}")
    page.get_by_role("link", name=f"Run {Run.objects.get().pk}").click()
    expect(page.get_by_role("rowheader", name="p00001")).to_be_visible()
    assert (overflow(page), serious_findings(page)) == (0, [])
    page.get_by_role("link", name="Quarantine").last.click()
    expect(page.get_by_text("4 contacts wait for a change")).to_be_visible()
    snapshot(page, f"quarantine-{width}")
    assert (overflow(page), serious_findings(page)) == (0, [])
    page.get_by_role("link", name="FIELD_CUSTOM_VALIDATION_EXCEPTION").click()
    snapshot(page, f"quarantine-cause-{width}")
    page.get_by_role("button", name="Unblock p00001").click()
    expect(page.get_by_text("1 contact unblocked; the next run looks at it")).to_be_visible()
    expect(page.get_by_role("rowheader", name="p00001")).to_have_count(0)
    expect(page.get_by_role("rowheader", name="p00002")).to_be_visible()
    assert (overflow(page), serious_findings(page)) == (0, [])


@pytest.mark.parametrize("width", [1280, 390])
def test_a_lasting_run_is_followed_to_its_end(browser_page, website, acme, width):
    website.receive(*({"key": f"d{n}", "last_name": "D", "job_title": "Director"} for n in range(4)))
    run = runs.open_run(website.site, "worker", at=website.clock())
    runs.count(run.pk, runs.Counts(eligible=1, created=1))
    page = browser_page(Role.VIEWER, acme, at=f"/site/acme/runs/{run.pk}/", width=width)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "20")
    snapshot(page, f"run-{width}")
    runs.count(run.pk, runs.Counts(eligible=4, created=4))
    expect(page.get_by_text("4 contacts done")).to_be_visible(timeout=10_000)
    counts = runs.Counts(eligible=4, created=4)
    runs.close_run(run, "worker", counts, status=runs.SUCCEEDED, message="All there.", at=website.clock())
    expect(page.get_by_text("All there.", exact=True)).to_be_visible(timeout=10_000)
    expect(page.get_by_role("progressbar")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_viewer_searches_the_event_log_and_walks_along_it(browser_page, refused, acme, width):
    page = browser_page(Role.VIEWER, acme, at="/site/acme/events/", width=width)
    assert (overflow(page), serious_findings(page)) == (0, [])
    page.get_by_role("link", name="Replication errors").click()
    page.get_by_label("Text in the description").fill("validation rule")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_role("cell", name="p00000")).to_be_visible()
    expect(page.get_by_role("cell", name="bob")).to_have_count(0)
    snapshot(page, f"events-{width}")
    page.get_by_role("row", name="p00001").get_by_role("link").first.click()
    page.get_by_role("link", name="Next (older)").click()
    expect(page.get_by_text("p00000")).to_be_visible()
    snapshot(page, f"event-{width}")
    assert (overflow(page), serious_findings(page)) == (0, [])
    with page.expect_download() as downloaded:
        page.goto(page.url.partition("/events/")[0] + "/events/")
        page.get_by_role("link", name="Export CSV").click()
    assert downloaded.value.suggested_filename == "events-acme.csv"
