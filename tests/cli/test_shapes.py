"""What other programs rely on: names and JSON keys, exactly (interface description, section 3)."""

import re

import pytest

from leadferry.core.contact import external_id
from leadferry.simulator import fields

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
READING = ("contacts", "why", "runs", "events", "usage", "doctor")


def test_run_prints_its_counts(fed, org):
    run = fed("run", "acme", "--json").answer
    keys = "run site status eligible created updated unchanged blocked invalid retrying remaining batches"
    assert list(run) == [*keys.split(), "api_calls", "message"]
    assert (run["site"], run["status"], run["eligible"], run["created"]) == ("acme", "partial", 2, 1)
    assert (run["invalid"], run["batches"], run["api_calls"], run["remaining"]) == (1, 1, 1, 0)


def test_contacts_prints_a_line_for_each(fed, org):
    fed("run", "acme")
    ada, bob, cy = fed("contacts", "acme", "--json").lines
    keys = "key external_id email status lead_id score replicated_at blocked_at reason"
    assert list(ada) == list(bob) == list(cy) == keys.split()
    assert (ada["key"], ada["status"], ada["score"], ada["email"]) == (
        "ada",
        "replicated",
        50,
        "ada@example.com",
    )
    assert ada["external_id"] == external_id("acme", "ada")
    assert ada["lead_id"] == org.store.select("Lead")[0]["Id"]
    assert INSTANT.fullmatch(ada["replicated_at"]) and ada["blocked_at"] is None and ada["reason"] is None
    assert (bob["status"], bob["lead_id"], bob["replicated_at"]) == ("invalid", None, None)
    assert INSTANT.fullmatch(bob["blocked_at"])
    assert list(bob["reason"]) == ["code", "message", "fields"]
    assert (bob["reason"]["code"], bob["reason"]["fields"]) == ("REQUIRED_FIELD_MISSING", ["LastName"])
    assert (cy["status"], cy["score"]) == ("not_eligible", 0)


@pytest.mark.parametrize(
    ("status", "keys"),
    [("replicated", ["ada"]), ("invalid", ["bob"]), ("not_replicated", ["bob", "cy"]), ("blocked", [])],
)
def test_contacts_can_be_asked_for_by_status(fed, status, keys):
    fed("run", "acme")
    assert [line["key"] for line in fed("contacts", "acme", "--status", status, "--json").lines] == keys


def test_events_prints_a_line_for_each_newest_first(fed):
    fed("run", "acme")
    lines = fed("events", "acme", "--json").lines
    assert all(list(line) == "time type source code site contact run description".split() for line in lines)
    assert [line["code"] for line in lines][:2] == ["run.finished", "batch.delivered"]
    assert [line["time"] for line in lines] == sorted((line["time"] for line in lines), reverse=True)
    assert {line["type"] for line in lines} <= {"information", "warning", "error"}


def test_events_can_be_asked_for_by_type_and_code(fed):
    fed("run", "acme")
    (error,) = fed("events", "acme", "--type", "error", "--json").lines
    assert (error["code"], error["contact"], error["type"]) == ("REQUIRED_FIELD_MISSING", "bob", "error")
    assert fed("events", "--code", "REQUIRED_FIELD_MISSING", "--json").lines == [error]


def test_runs_prints_a_line_for_each_newest_first(fed):
    fed("run", "acme")
    fed("run", "acme")
    second, first = fed("runs", "acme", "--json").lines
    assert (first["status"], second["status"]) == ("partial", "succeeded")
    assert first["run"] < second["run"]
    assert INSTANT.fullmatch(first["started"]) and INSTANT.fullmatch(first["ended"])


def test_usage_tells_of_the_organization_and_of_the_site(fed, org):
    fed("run", "acme")
    usage = fed("usage", "acme", "--json").answer
    assert (usage["used"], usage["allowed"], usage["site_calls"]) == (org.used(), 15_000, org.used())
    assert usage["reserve_percent"] == 20


def test_why_tells_reasons_and_what_would_change_them(fed):
    answer = fed("why", "acme", "cy", "--json").answer
    assert (answer["key"], answer["status"]) == ("cy", "not_eligible")
    assert "0 points of engagement" in answer["because"][0]


def test_doctor_finds_nothing_that_would_stop_a_run(configured):
    ended = configured("doctor", "acme", "--json")
    assert ended.code == 0
    assert {line["check"] for line in ended.lines} >= {"settings", "connection", "mapping", "budget"}
    assert all(line["level"] in ("ok", "warning") for line in ended.lines)


def test_doctor_finds_what_would_stop_a_run_and_how_to_mend_it(configured, org):
    fields.put(org, {"name": "Phone", "hidden": True})
    ended = configured("doctor", "acme", "--json")
    assert ended.code == 1
    (error,) = [line for line in ended.lines if line["level"] == "error"]
    assert "Phone" in error["message"] and error["fix"]


def test_unblock_tells_how_many_it_released(fed):
    fed("run", "acme")
    assert fed("unblock", "acme", "bob", "--json").answer == {"site": "acme", "released": 1}
    assert fed("unblock", "acme", "--all", "--json").answer["released"] in (0, 1)
    assert fed("run", "acme", "--json").answer["invalid"] == 1


def test_delete_takes_the_contact_and_leaves_the_lead(fed, org):
    fed("run", "acme")
    assert fed("delete", "acme", "ada", "--json").answer["deleted"] == 1
    assert [line["key"] for line in fed("contacts", "acme", "--json").lines] == ["bob", "cy"]
    assert org.store.number_of("Lead", "deleted = 0") == 1


def test_erase_takes_the_lead_too(fed, org):
    fed("run", "acme")
    assert fed("delete", "acme", "ada", "--erase", "--json").answer["leads_deleted"] == 1
    assert org.store.number_of("Lead", "deleted = 0") == 0
    assert fed("import", "acme", "people.ndjson", "--json").answer["rejected"] == 1


def test_import_prints_what_became_of_the_records(fed):
    again = fed("import", "acme", "people.ndjson", "--json").answer
    assert {name: again[name] for name in ("created", "updated", "unchanged", "rejected")} == {
        "created": 0,
        "updated": 0,
        "unchanged": 3,
        "rejected": 0,
    }


def test_score_recalculates_the_points(fed):
    assert fed("score", "acme", "--json").answer == {"site": "acme", "contacts": 3, "changed": 0}


@pytest.mark.parametrize("command", READING)
def test_reading_commands_print_tables_for_people(fed, command):
    fed("run", "acme")
    ended = fed(command, "acme", *(["ada"] if command == "why" else []))
    assert ended.code == 0 and ended.out and not ended.out.startswith("{")
