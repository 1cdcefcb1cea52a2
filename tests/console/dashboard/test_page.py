"""The dashboard in Django's client: what it tells, and to whom."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadferry.console.people.models import Role
from leadferry.console.web.dashboard.charts import columns
from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import past, spending
from leadferry.ledger.models import Run

PAGE = "/site/acme/"


def text_of(client, path=PAGE):
    page = client.get(path).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_it_tells_statuses_runs_usage_backlog_and_causes(signed_in, acme):
    text = text_of(signed_in(Role.VIEWER, acme))
    assert "Replicated 4" in text and "Blocked 1" in text and "Not eligible 2" in text
    assert "FIELD_CUSTOM_VALIDATION_EXCEPTION" in text
    assert "calls in 24 hours" in text and "reserved for others" in text
    assert "0 contacts to look at" in text and "Nothing is waiting to be sent" in text


def test_it_is_where_people_land(signed_in, acme):
    assert signed_in(Role.VIEWER, acme).get("/").headers["Location"] == "/all/"


def test_htmx_gets_only_what_changes(signed_in, acme):
    page = signed_in(Role.VIEWER, acme).get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page and "Contacts by status" in page


def test_another_sites_dashboard_looks_as_if_it_did_not_exist(signed_in, acme, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    assert client.get(PAGE).status_code == 404
    text = text_of(client, "/all/")
    assert "Acme" not in text and "There is no contact yet" in text


def test_over_all_sites_it_adds_up(signed_in, acme, globex, given):
    given(globex, {"key": "gil", "last_name": "Gilbert"})
    assert "8 contacts" in text_of(signed_in(Role.VIEWER), "/all/")


def test_an_installation_without_sites_is_told_how_to_begin(client, admin_client, db):
    assert "There is no site yet" in text_of(admin_client, "/all/")


def test_what_is_written_into_names_stays_text(signed_in, acme):
    Site.objects.filter(pk=acme.pk).update(display_name="<script>alert(1)</script>")
    assert "<script>alert" not in signed_in(Role.VIEWER, acme).get(PAGE).content.decode()


def test_more_sites_do_not_take_more_queries_each(signed_in, acme, globex):
    client = signed_in(Role.VIEWER)
    with CaptureQueriesContext(connection) as few:
        client.get("/all/")
    Site.objects.bulk_create([Site(code=f"site{number}") for number in range(15)])
    with CaptureQueriesContext(connection) as many:
        client.get("/all/")
    # Four indexed questions for each site whose contacts are few enough to be counted at once.
    assert len(many) - len(few) <= 4 * 15


@pytest.mark.parametrize("days_ago", [0, 13])
def test_runs_are_added_up_by_the_day_on_which_they_started(acme, globex, days_ago):
    now = wall_clock()
    Run.objects.all().delete()
    at = now - timedelta(days=days_ago)
    for site, created in ((acme, 2), (acme, 3), (globex, 100)):
        Run.objects.create(site=site, status="partial", started_at=at, created=created, updated=1, invalid=1)
    days = past.by_day([acme.pk], days=14, at=now)
    assert len(days) == 14
    assert days[13 - days_ago] == (at.date(), 7, 2)


def test_calls_are_added_up_by_the_hour(acme, globex):
    now = wall_clock()
    before = spending.spent_by_hour([acme.pk], at=now)[-1][1]
    spending.spend(acme.pk, 5, at=now)
    spending.spend(globex.pk, 50, at=now)
    hours = spending.spent_by_hour([acme.pk], at=now)
    assert (len(hours), hours[-1][1]) == (24, before + 5)


def test_a_column_is_as_high_as_its_number_and_never_invisible():
    chart = columns("Calls", first="Day", series=["A", "B"], numbers=[("x", (0, 0)), ("y", (999, 1))])
    high, low = chart.rows[1].blocks
    assert (round(high.height), low.height, chart.rows[0].blocks) == (100, 2.0, [])
    assert low.y >= 0
    assert chart.summary == "Calls: 999 a, 1 b; most at y."
