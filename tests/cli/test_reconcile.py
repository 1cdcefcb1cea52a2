"""`reconcile`, `confirm` and the attempts that `why` shows, as people and programs see them."""

import pytest

from leadferry.contacts.models import Site
from leadferry.engine.replicate import wall_clock
from leadferry.ledger import leases
from leadferry.ledger.models import Lease, Organization
from leadferry.simulator import life


@pytest.fixture
def sent(fed, org):
    """The command line after a run that made Ada a lead; Bob is invalid, Cy is not worth one."""
    fed("run", "acme")
    return fed


def only_lead(org):
    (lead,) = org.store.select("Lead", "deleted = 0")
    return lead


def test_reconcile_prints_its_counts(sent, org):
    org.store.update(only_lead(org) | {"Title": "Countess"})
    found = sent("reconcile", "acme", "--json")
    assert (found.code, found.err) == (0, "")
    kinds = "missing deleted merged converted drifted unlinked extra".split()
    assert list(found.answer) == ["site", "compared", *kinds, "repaired", "api_calls", "examples"]
    assert (found.answer["drifted"], found.answer["compared"], found.answer["api_calls"]) == (1, 1, 1)
    example = {"difference": "drifted", "key": "ada", "lead_id": only_lead(org)["Id"], "fields": "Title"}
    assert found.answer["examples"] == [example]


def test_people_read_what_differs(sent, org):
    life.delete(org, {}, only_lead(org)["Id"])
    ended = sent("reconcile", "acme")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("1 leads compared in 1 API calls: 1 deleted.\n  deleted · ada · 00Q")


def test_a_repair_a_run_and_both_sides_agree(sent, org):
    life.delete(org, {"hard": True}, only_lead(org)["Id"])
    assert sent("reconcile", "acme", "--repair", "--json").answer["repaired"] == 1
    assert sent("run", "acme", "--json").answer["created"] == 1
    assert sent("reconcile", "acme").out == "1 leads compared in 1 API calls: no difference.\n"


def test_a_run_in_progress_ends_reconcile_with_3(sent):
    leases.claim(Site.objects.get(), "another", now=wall_clock().timestamp())
    ended = sent("reconcile", "acme", "--json")
    assert (ended.code, ended.out) == (3, "")
    assert "A run of site acme is in progress" in ended.err
    Lease.objects.all().delete()


def test_an_organization_that_cannot_be_asked_ends_reconcile_with_1(sent, org):
    org.faults.add("status_503", times=None)
    ended = sent("reconcile", "acme")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("leadferry: ") and "Traceback" not in ended.err


@pytest.mark.parametrize("command", ["reconcile", "confirm"])
def test_an_unknown_site_is_an_error(sent, command):
    ended = sent(command, "nowhere")
    assert (ended.code, ended.out) == (1, "")
    assert "There is no site 'nowhere'" in ended.err


def test_a_copy_says_how_it_is_confirmed_and_is(sent):
    Organization.objects.update(installation="0" * 32)
    refused = sent("reconcile", "acme")
    assert refused.code == 1 and "leadferry confirm acme" in refused.err
    confirmed = sent("confirm", "acme")
    assert (confirmed.code, confirmed.err) == (0, "")
    assert sent("reconcile", "acme").code == 0
    assert sent("events", "acme", "--code", "site.confirmed", "--json").answer["source"] == "organization"


def test_why_tells_the_last_attempts(sent):
    (run,) = sent("runs", "acme", "--json").lines
    (created,) = sent("why", "acme", "ada", "--json").answer["attempts"]
    assert list(created) == ["at", "run", "answer", "code", "message"]
    assert (created["run"], created["answer"], created["code"]) == (run["run"], "created", "")
    (invalid,) = sent("why", "acme", "bob", "--json").answer["attempts"]
    assert (invalid["answer"], invalid["code"]) == ("invalid", "REQUIRED_FIELD_MISSING")
    assert sent("why", "acme", "cy", "--json").answer["attempts"] == []


def test_people_read_the_last_attempts(sent):
    (run,) = sent("runs", "acme", "--json").lines
    assert f"UTC, run {run['run']}: created\n" in sent("why", "acme", "ada").out
    assert f"UTC, run {run['run']}: invalid REQUIRED_FIELD_MISSING: " in sent("why", "acme", "bob").out
