"""The pages of the event log: columns, filters, neighbours, exports, and who sees which lines."""

import csv
import io
from datetime import timedelta

import orjson
import pytest

from leadferry.console.people.models import Role
from leadferry.ledger import event_log, events
from leadferry.ledger.event_log import Wanted
from leadferry.ledger.models import Event, Run
from tests.conftest import NOW

LIST = "/site/acme/events/"


def told(client, address=LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def note(number, **about):
    events.note(
        "task.changed",
        at=NOW + timedelta(minutes=number),
        description=f"line {number}",
        **{"site": "acme"} | about,
    )


def exported(client, form, query="") -> str:
    answer = client.get(f"{LIST}export/{form}/{query}")
    return b"".join(answer.streaming_content).decode()


def descriptions(wanted, **options) -> list[str]:
    return [line.description for line in event_log.page_of(wanted, **options).lines]


BEYOND = ("since=2027-01-01T00:00", "until=2026-01-01T00:00")
ACME = Wanted(sites=["acme"])


def test_the_list_has_every_column(signed_in, refused, acme):
    text = told(signed_in(Role.VIEWER, acme))
    columns = "Time,Type,Source,Code,Site,Contact,Run,User,Description"
    assert [name for name in columns.split(",") if f">{name}</th>" not in text] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=error", "p00000"),
        ("code=run.finished", "run.finished"),
        ("contact=bob", "REQUIRED_FIELD_MISSING"),
        ("source=replication", "batch.delivered"),
        ("text=validation+RULE", "p00002"),
        ("since=2026-11-23T10:00&until=2026-11-23T10:01", "run.finished"),
    ],
)
def test_each_filter_finds_its_lines(signed_in, refused, acme, query, found):
    assert found in told(signed_in(Role.VIEWER, acme), f"{LIST}?{query}")


@pytest.mark.parametrize(
    "query",
    ["type=warning&code=run.finished&run=0", "code=x", "contact=x", "user=x", "text=x%25_", *BEYOND],
)
def test_what_does_not_fit_is_left_out(signed_in, refused, acme, query):
    assert "No event fits" in told(signed_in(Role.VIEWER, acme), f"{LIST}?{query}")


def test_a_time_that_is_none_is_marked(signed_in, refused, acme):
    assert "Enter a valid date/time" in told(signed_in(Role.VIEWER, acme), f"{LIST}?since=yesterday")


def test_the_lines_of_a_run_and_of_a_person_are_found(db):
    note(1, run="7")
    note(2, user="eve")
    assert descriptions(Wanted(sites=["acme"], run="7")) == ["line 1"]
    assert descriptions(Wanted(sites=["acme"], user="eve")) == ["line 2"]


def test_replication_errors_stand_apart_from_the_noise(signed_in, refused, acme):
    note(1, type=events.ERROR, source="tasks")
    text = told(signed_in(Role.VIEWER, acme), f"{LIST}?tab=errors")
    assert "REQUIRED_FIELD_MISSING" in text
    assert "batch.delivered" not in text and "line 1" not in text


def test_pages_follow_each_other_without_gap_or_repetition(db):
    for number in range(7):
        note(number)
    first = event_log.page_of(ACME, size=3)
    second = event_log.page_of(ACME, before=first.older, size=3)
    last = event_log.page_of(ACME, before=second.older, size=3)
    lines = [*first.lines, *second.lines, *last.lines]
    assert [line.description for line in lines] == [f"line {number}" for number in range(6, -1, -1)]
    assert last.older is None


def test_a_search_that_finds_little_says_how_far_it_looked_and_goes_on(db, monkeypatch):
    monkeypatch.setattr(event_log, "WINDOW", 4)
    for number in range(10):
        note(number)
    wanted = Wanted(sites=["acme"], text="line 1")
    first = event_log.page_of(wanted)
    assert (list(first.lines), first.searched_to) == ([], NOW + timedelta(minutes=6))
    assert [line.description for line in event_log.every(wanted)] == ["line 1"]


def test_lines_up_to_an_instant_are_found_without_reading_the_later_ones(db, monkeypatch):
    monkeypatch.setattr(event_log, "WINDOW", 100)
    for number in range(0, 6000, 20):
        note(number)
    until = NOW + timedelta(minutes=100)
    assert descriptions(Wanted(sites=["acme"], until=until), size=2) == ["line 100", "line 80"]


def test_a_line_leads_to_its_neighbours_that_fit(signed_in, acme):
    for number in range(5):
        note(number, user="eve" if number % 2 == 0 else "")
    older, here, newer = Event.objects.filter(user="eve").order_by("pk")
    text = told(signed_in(Role.VIEWER, acme), f"{LIST}{here.pk}/?user=eve")
    assert f"{LIST}{older.pk}/?user=eve" in text and f"{LIST}{newer.pk}/?user=eve" in text


def test_the_newest_and_the_oldest_line_have_one_neighbour(signed_in, acme):
    note(1)
    text = told(signed_in(Role.VIEWER, acme), f"{LIST}{Event.objects.get().pk}/")
    assert "Previous (newer)" not in text and "Next (older)" not in text


def test_csv_holds_every_line_that_fits(signed_in, refused, acme):
    rows = list(csv.DictReader(io.StringIO(exported(signed_in(Role.VIEWER, acme), "csv", "?type=error"))))
    assert {row["contact"] for row in rows} == {"bob", "p00000", "p00001", "p00002"}
    assert {row["run"] for row in rows} == {str(Run.objects.get().pk)}


@pytest.mark.parametrize("key", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_csv_is_a_formula(signed_in, acme, key):
    note(1, contact=key)
    (row,) = csv.DictReader(io.StringIO(exported(signed_in(Role.VIEWER, acme), "csv")))
    assert row["contact"] == f"'{key}"


def test_ndjson_has_one_object_a_line(signed_in, refused, acme):
    lines = [orjson.loads(line) for line in exported(signed_in(Role.VIEWER, acme), "ndjson").splitlines()]
    assert len(lines) == Event.objects.filter(site="acme").count()
    assert list(lines[0]) == "time type source code site contact run user description".split()


def test_there_is_no_other_form_of_export(signed_in, acme):
    assert signed_in(Role.VIEWER, acme).get(f"{LIST}export/exe/").status_code == 404


def test_another_sites_lines_are_seen_nowhere(signed_in, refused, globex):
    client = signed_in(Role.ADMINISTRATOR, globex)
    number = Event.objects.filter(site="acme").first().pk
    for address in (LIST, f"{LIST}{number}/", f"/site/globex/events/{number}/", f"/all/events/{number}/"):
        assert client.get(address).status_code == 404
    assert "run.finished" not in told(client, "/all/events/")


def test_lines_of_no_site_are_for_a_role_on_all_sites(signed_in, acme):
    note(1, site="")
    assert "line 1" in told(signed_in(Role.VIEWER), "/all/events/")
    assert "line 1" not in told(signed_in(Role.VIEWER, acme), "/all/events/")


def test_several_sites_of_a_person_are_seen_together(signed_in, acme, globex):
    note(1)
    note(2, site="globex")
    note(3, site="initech")
    text = told(signed_in(Role.VIEWER, acme, globex), "/all/events/")
    assert "line 1" in text and "line 2" in text and "line 3" not in text


def test_a_key_that_is_a_script_stays_text(signed_in, acme):
    note(1, contact="<script>alert(1)</script>", user="<img src=x>")
    text = told(signed_in(Role.VIEWER, acme))
    assert "<script>alert" not in text and "<img src=x" not in text
    assert "&lt;script&gt;alert" in text
