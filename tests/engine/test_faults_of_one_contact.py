"""Faults that one contact causes: the contact is found and blocked, and nobody else."""

import json
import math

import pytest

from tests.answers import answer

from .website import Website, agree, people

pytestmark = pytest.mark.django_db


def _unreadable(website: Website, *numbers: int) -> None:
    for number in numbers:
        email = f"p{number}@example.com"
        website.break_down("json_parser_error", where={"field": "Email", "equals": email})


@pytest.mark.fault(
    name="One contact for which Salesforce refuses the whole call (JSON_PARSER_ERROR)",
    happens="It is found by halving and blocked; all others of the call are delivered in the same run.",
    calls="at most 2 x log2(contacts in the call) more",
)
@pytest.mark.parametrize("size", [1, 2, 7, 200])
@pytest.mark.parametrize("position", [0.0, 0.37, 1.0])
def test_one_unreadable_contact_is_found_by_halving(acme, size, position):
    acme.configure(batch_size=size)
    acme.receive(*people(size))
    acme.forget_requests()
    culprit = round(position * (size - 1))
    _unreadable(acme, culprit)
    run = acme.run()
    assert (run.created, run.blocked) == (size - 1, 1)
    assert acme.held() == {f"p{culprit:05d}": "JSON_PARSER_ERROR"}
    assert len(acme.writes()) == run.api_calls <= 1 + max(1, 2 * math.log2(size))
    agree([acme])


@pytest.mark.fault(
    name="Several such contacts in one call",
    happens="Four are found in a batch, more by the second tries and the next run; only they are blocked.",
    calls="at most 2 x log2(contacts in the call) more for each of them",
)
@pytest.mark.parametrize("culprits", [(3, 4), (0, 50, 199), (10, 20, 30, 40, 50, 60)])
def test_several_unreadable_contacts_are_all_found_and_nobody_else_is_blocked(acme, culprits):
    acme.receive(*people(200))
    acme.forget_requests()
    _unreadable(acme, *culprits)
    run = acme.run()
    assert len(acme.writes()) <= 1 + len(culprits) * 2 * math.log2(200)
    assert acme.run_later().status == "succeeded" or run.retrying
    assert acme.held() == {f"p{number:05d}": "JSON_PARSER_ERROR" for number in culprits}
    assert len(acme.leads()) == 200 - len(culprits)
    agree([acme])


def test_many_unreadable_contacts_cost_a_bounded_number_of_calls(acme):
    acme.receive(*people(200))
    acme.forget_requests()
    _unreadable(acme, *range(0, 200, 5))
    acme.run()
    assert len(acme.writes()) <= 3 * (2 + 4 * 2 * math.log2(200))


@pytest.mark.fault(
    name="Whole call refused whatever contacts are in it",
    happens="The run fails with Salesforce's text when contact after contact is refused and none passes.",
    calls="bounded by the search in one batch",
)
def test_a_call_refused_whoever_is_in_it_ends_the_run(acme):
    acme.receive(*people(200))
    acme.forget_requests()
    acme.break_down("json_parser_error")
    run = acme.run()
    assert run.status == "failed"
    assert len(acme.writes()) <= 3 * 9
    assert len(acme.leads()) == 0


@pytest.mark.fault(
    name="Trigger or flow of the organization fails on one contact",
    happens="The contact is blocked with Salesforce's text, the others of its batch are delivered.",
    calls="none more",
)
def test_a_trigger_that_fails_on_a_contact_blocks_it(acme):
    acme.receive(*people(5))
    acme.forget_requests()
    acme.break_down("trigger_error", where={"field": "Email", "equals": "p3@example.com"})
    run = acme.run()
    assert (run.status, run.created, run.blocked, len(acme.writes())) == ("partial", 4, 1, 1)
    assert acme.held() == {"p00003": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"}
    assert "NullPointerException" in acme.standing("p00003").message


@pytest.mark.fault(
    name="Refusal with a code that nobody has heard of",
    happens="The contact is blocked with Salesforce's own code and text.",
    calls="none more",
)
def test_an_unknown_code_blocks_the_contact_with_salesforces_own_text(acme):
    acme.receive(*people(5))
    where = {"field": "Email", "equals": "p3@example.com"}
    acme.break_down("row_error", code="BRAND_NEW_CODE", message="Something new happened.", where=where)
    acme.run()
    standing = acme.standing("p00003")
    assert (standing.status, standing.code, standing.message) == (
        "blocked",
        "BRAND_NEW_CODE",
        "Something new happened.",
    )


def test_a_batch_too_large_for_the_organizations_automation_goes_in_smaller_ones(acme):
    acme.receive(*people(60))
    inner = acme.transport.request
    limit = {
        "statusCode": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        "message": "LeadTrigger: System.LimitException: Too many SOQL queries: 101",
        "fields": [],
    }

    def request(method, url, headers, body):
        rows = json.loads(body or b"{}").get("records", ()) if "/composite" in url else ()
        if len(rows) > 20:
            return answer(200, [{"success": False, "errors": [limit]}] * len(rows))
        return inner(method, url, headers, body)

    acme.transport.request = request
    run = acme.run()
    assert (run.status, run.created, run.retrying, run.api_calls) == ("succeeded", 60, 0, 5)
