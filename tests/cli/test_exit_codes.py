"""Exit codes, messages on stderr and data on stdout (interface description, section 3)."""

import pytest

from leadferry.contacts.models import Activity, Contact, Site
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import leases
from leadferry.ledger.models import Event, Lease, Run

from .conftest import write


def test_a_run_that_succeeds_ends_with_0(fed):
    fed("delete", "acme", "bob")
    ended = fed("run", "acme", "--json")
    assert (ended.code, ended.answer["status"], ended.err) == (0, "succeeded", "")


def test_a_run_that_refuses_contacts_ends_with_10(fed):
    ended = fed("run", "acme", "--json")
    assert (ended.code, ended.answer["status"]) == (10, "partial")


def test_a_run_that_cannot_send_ends_with_1(fed, org):
    org.faults.add("api_disabled", times=None)
    ended = fed("run", "acme", "--json")
    assert (ended.code, ended.answer["status"]) == (1, "failed")
    assert "Enable the API" in ended.answer["message"]


def test_a_run_of_a_site_that_is_not_enabled_ends_with_1(fed, tmp_path, simulator_url):
    write(tmp_path, simulator_url, enabled=False)
    fed("apply", "leadferry.toml")
    assert fed("run", "acme").code == 1


def test_a_run_beside_another_one_ends_with_3(fed):
    leases.claim(Site.objects.get(), "another", now=wall_clock().timestamp())
    ended = fed("run", "acme", "--json")
    assert (ended.code, ended.answer["status"]) == (3, "skipped")
    Lease.objects.all().delete()


def test_a_run_that_meets_a_limit_ends_with_11(fed, org):
    org.faults.add("daily_limit", times=None)
    ended = fed("run", "acme", "--json")
    assert (ended.code, ended.answer["status"]) == (11, "paused")


def test_a_dry_run_prints_a_run_and_leaves_no_trace(fed, org):
    events, requests = Event.objects.count(), len(org.log)
    ended = fed("run", "acme", "--dry-run", "--json")
    assert (ended.code, ended.answer["created"], ended.answer["run"]) == (10, 1, None)
    assert (Run.objects.count(), Event.objects.count(), len(org.log)) == (0, events, requests)


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("walk",),
        ("run",),
        ("run", "acme", "--fast"),
        ("run", "acme", "--limit", "0"),
        ("contacts", "acme", "--status", "lost"),
        ("events", "--type", "panic"),
        ("unblock", "acme"),
    ],
)
def test_a_command_line_that_cannot_be_understood_ends_with_2(configured, command):
    ended = configured(*command)
    assert ended.code == 2
    assert ended.err and not ended.out


@pytest.mark.parametrize(
    "command",
    [
        ("run", "nowhere"),
        ("contacts", "nowhere"),
        ("import", "nowhere", "people.ndjson"),
        ("score", "nowhere"),
        ("why", "nowhere", "ada"),
        ("unblock", "nowhere", "--all"),
        ("runs", "nowhere"),
        ("events", "nowhere"),
        ("usage", "nowhere"),
        ("doctor", "nowhere"),
        ("delete", "nowhere", "ada"),
        ("why", "acme", "nobody"),
        ("unblock", "acme", "nobody"),
        ("delete", "acme", "nobody"),
        ("import", "acme", "nothing.csv"),
        ("apply", "nothing.toml"),
    ],
)
def test_what_does_not_exist_is_an_error(fed, command):
    ended = fed(*command)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("leadferry: ") and "Traceback" not in ended.err


def test_nothing_that_is_printed_steers_the_terminal(fed, tmp_path):
    (tmp_path / "evil.csv").write_text("key,\x1b]0;evil\x07\nada,\x9b31m\n")
    said = [fed("why", "acme", "\x1b[2J"), fed("import", "acme", "evil.csv"), fed("contacts", "acme")]
    assert not any(mark in ended.out + ended.err for ended in said for mark in ("\x1b", "\x07", "\x9b"))


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ((), ("key,last_name,email", 'dot,"Dot,d@example.com', "eve,Eve,", 'fay,"Fay",f@example.com')),
        (("--activities",), ("key,type,time,title", 'ada,visit,2026-11-01,"A"b')),
    ],
)
def test_a_wrong_quotation_mark_takes_nothing_of_the_file(fed, tmp_path, options, lines):
    (tmp_path / "c.csv").write_text("\n".join(lines))
    ended = fed("import", "acme", "c.csv", *options)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("leadferry: c.csv: line 2: a quotation mark opens a cell")
    assert ended.err.count("\n") == 1
    assert (Contact.objects.count(), Activity.objects.count()) == (3, 0)


def test_deleting_one_known_and_one_unknown_contact_deletes_nobody(fed):
    assert fed("delete", "acme", "ada", "nobody").code == 1
    assert len(fed("contacts", "acme", "--json").lines) == 3


def test_a_file_with_an_unknown_key_is_refused_with_its_path(leadferry, tmp_path):
    (tmp_path / "leadferry.toml").write_text("[site.acme.replication]\nbatchsize = 5\n")
    ended = leadferry("apply", "leadferry.toml")
    assert ended.code == 1
    assert "site.acme.replication.batchsize" in ended.err
    assert not Site.objects.exists()


def test_a_plan_prints_what_would_change_and_changes_nothing(leadferry, tmp_path, simulator_url):
    write(tmp_path, simulator_url)
    ended = leadferry("apply", "leadferry.toml", "--plan")
    assert ended.code == 0 and "site.acme" in ended.out
    assert not Site.objects.exists()


def test_applying_twice_changes_nothing_the_second_time(configured):
    again = configured("apply", "leadferry.toml", "--json").answer
    assert again["changes"] == []


def test_an_exported_file_applied_changes_nothing(configured, tmp_path):
    exported = configured("export").out
    assert "s3cret" not in exported and "env:ACME_SF_SECRET" in exported
    (tmp_path / "exported.toml").write_text(exported)
    assert configured("apply", "exported.toml", "--json").answer["changes"] == []
