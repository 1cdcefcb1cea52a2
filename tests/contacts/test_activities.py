from datetime import UTC, datetime

import pytest

from leadferry.contacts.importing import (
    BadFile,
    Report,
    Rows,
    import_activities,
    import_contacts,
    open_source,
)
from leadferry.contacts.models import Activity, Due, Site
from tests.conftest import NOW

VISIT = {"key": "ada", "type": "page_visit", "time": "2026-11-01T10:00:00Z", "url": "/pricing"}


@pytest.fixture
def site(acme) -> Site:
    import_contacts(acme, Rows([{"key": "ada"}, {"key": "bob"}]), now=NOW, after_chunk=lambda ids: None)
    Due.objects.all().delete()
    return acme


def take(site, *records, after=lambda ids: None) -> Report:
    return import_activities(site, Rows(records), now=NOW, after_chunk=after)


def counts(report: Report) -> tuple[int, int, int]:
    return report.created, report.unchanged, report.rejected


def test_an_activity_comes_once(site) -> None:
    assert counts(take(site, VISIT, VISIT)) == (1, 1, 0)
    assert counts(take(site, VISIT)) == (0, 1, 0)
    activity = Activity.objects.get()
    assert (activity.contact.key, activity.site, activity.kind) == ("ada", site, "page_visit")
    assert (activity.at, activity.url, activity.title) == (
        datetime(2026, 11, 1, 10, tzinfo=UTC),
        "/pricing",
        "",
    )


@pytest.mark.parametrize(
    "other",
    [
        {"key": "bob"},
        {"type": "form"},
        {"time": "2026-11-01T10:00:01Z"},
        {"url": "/"},
        {"title": "t"},
        {"value": "v"},
        {"url": "", "title": "/pricing"},
    ],
)
def test_what_differs_in_anything_is_another_activity(site, other) -> None:
    assert counts(take(site, VISIT, VISIT | other)) == (2, 0, 0)


@pytest.mark.parametrize(
    "time", ["2026-11-01T10:00:00", "2026-11-01 11:00:00+01:00", datetime(2026, 11, 1, 10)]
)
def test_a_time_is_in_utc_unless_it_says_otherwise(site, time) -> None:
    assert counts(take(site, VISIT, VISIT | {"time": time})) == (1, 1, 0)


def test_contacts_that_did_something_new_are_announced_but_not_due(site) -> None:
    announced: list[int] = []
    take(site, VISIT, VISIT | {"key": "bob"})
    assert not Due.objects.exists()
    take(site, VISIT, VISIT | {"key": "bob", "url": "/new"}, after=announced.extend)
    assert announced == [Activity.objects.get(url="/new").contact_id]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"key": "nobody"}, "key: allowed is that of a contact of this site"),
        ({"key": None}, "key: allowed is from 1"),
        ({"type": ""}, "type: allowed is text of 1 to 100"),
        ({"type": "x" * 101}, "type: allowed is text of at most 100"),
        ({"time": "yesterday"}, "time: allowed is an ISO 8601 time"),
        ({"time": ""}, "time: allowed is"),
        ({"time": 1_700_000_000}, "time: allowed is"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "time: allowed is"),
        ({"time": "2028-01-01"}, "time: allowed is"),
        ({"url": "x" * 2_001}, "url: allowed is text of at most 2000"),
        ({"colour": "red"}, "colour: allowed is one of key, type"),
    ],
)
def test_a_bad_activity_is_rejected_alone(site, wrong, reason) -> None:
    report = take(site, VISIT | wrong, VISIT)
    assert counts(report) == (1, 0, 1)
    assert report.rejections[0].line == 1
    assert report.rejections[0].reason.startswith(reason)


def test_a_contact_of_another_site_is_unknown(site, globex) -> None:
    assert counts(take(globex, VISIT)) == (0, 0, 1)


@pytest.mark.parametrize(
    ("header", "reason"),
    [("key,type", "no column is named time"), ("key,type,time,colour", "column colour is not known")],
)
def test_a_file_without_the_columns_of_activities_is_refused(site, tmp_path, header, reason) -> None:
    (tmp_path / "a.csv").write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(BadFile, match=reason):
        import_activities(site, open_source(tmp_path / "a.csv"), now=NOW, after_chunk=lambda ids: None)
