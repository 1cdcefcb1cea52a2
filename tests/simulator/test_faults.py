import time
from typing import Any

import httpx2
import pytest

from leadferry.simulator.faults import KINDS

from .caller import Caller, error_of, row


def fault(sf: Caller, kind: str, **details: Any) -> dict[str, Any]:
    return sf.control("POST", "faults", kind=kind, **details)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("status_500", 500, "UNKNOWN_EXCEPTION"),
        ("session_expired", 401, "INVALID_SESSION_ID"),
        ("invalid_session_forever", 401, "INVALID_SESSION_ID"),
        ("daily_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("concurrent_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("api_disabled", 403, "API_DISABLED_FOR_ORG"),
    ],
)
def test_a_fault_answers_in_the_platforms_words_and_costs_nothing(
    sf: Caller, kind: str, status: int, code: str
) -> None:
    fault(sf, kind)
    assert error_of(sf.upsert(row("a"))) == (status, code)
    assert (sf.leads(), sf.org.calls()) == ([], 0)


@pytest.mark.parametrize(
    ("kind", "status"), [("status_420", 420), ("status_502", 502), ("status_503", 503), ("garbage", 200)]
)
def test_a_fault_of_the_edge_answers_with_a_page_or_nothing(sf: Caller, kind: str, status: int) -> None:
    fault(sf, kind)
    answer = sf.upsert(row("a"))
    assert answer.status_code == status
    assert not answer.content.startswith((b"[", b"{"))
    assert sf.leads() == []


def test_a_fault_strikes_as_often_as_told_and_is_forgotten(sf: Caller) -> None:
    fault(sf, "status_503", times=2, after=1)
    assert [sf.upsert(row("a")).status_code for _ in range(4)] == [200, 503, 503, 200]
    assert sf.control("GET", "faults") == []


def test_a_fault_without_end_stays_until_it_is_removed(sf: Caller) -> None:
    made = fault(sf, "status_503", times=None)
    assert {sf.upsert(row("a")).status_code for _ in range(5)} == {503}
    assert sf.control("GET", "faults")[0]["hits"] == 5
    sf.control("DELETE", f"faults/{made['id']}")
    assert sf.upsert(row("a")).status_code == 200


def test_a_fault_may_wait_for_one_path_and_method(sf: Caller) -> None:
    fault(sf, "status_503", path="/composite", method="PATCH")
    assert sf.call("GET", "limits").status_code == 200
    assert sf.upsert(row("a")).status_code == 503


def test_an_expired_session_is_dead_for_good(sf: Caller) -> None:
    fault(sf, "session_expired")
    assert [sf.upsert(row("a")).status_code for _ in range(2)] == [401, 401]
    sf.sign_in()
    assert sf.upsert(row("a")).status_code == 200


def test_a_refused_session_lives_on(sf: Caller) -> None:
    fault(sf, "invalid_session_forever")
    assert [sf.upsert(row("a")).status_code for _ in range(2)] == [401, 200]


@pytest.mark.parametrize("kind", ["invalid_client", "invalid_grant"])
def test_the_sign_in_may_fail(sf: Caller, kind: str) -> None:
    fault(sf, kind)
    form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "s3cret"}
    assert [sf.token(**form).json().get("error") for _ in range(2)] == [kind, None]


def test_faults_of_data_calls_reach_the_sign_in_only_by_path(sf: Caller) -> None:
    form = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "s3cret"}
    fault(sf, "status_503")
    assert sf.token(**form).status_code == 200
    fault(sf, "status_503", path="oauth2/token")
    assert sf.token(**form).status_code == 503


def test_a_connection_lost_before_the_work_leaves_nothing(sf: Caller) -> None:
    fault(sf, "reset_before")
    with pytest.raises(ConnectionResetError):
        sf.upsert(row("a"))
    assert (sf.leads(), sf.org.calls()) == ([], 0)


def test_a_connection_lost_after_the_work_has_done_it(sf: Caller) -> None:
    fault(sf, "reset_after")
    with pytest.raises(ConnectionResetError):
        sf.upsert(row("a"))
    assert (len(sf.leads()), sf.org.calls()) == (1, 1)
    assert sf.codes(row("a")) == ["updated"]


def test_a_truncated_answer_has_done_its_work(sf: Caller) -> None:
    fault(sf, "truncated")
    answer = sf.upsert(row("a"))
    assert int(answer.headers["Content-Length"]) > len(answer.content) > 0
    assert len(sf.leads()) == 1


def test_a_slow_answer_is_an_answer(sf: Caller) -> None:
    fault(sf, "slow", seconds=0.2)
    began = time.monotonic()
    assert sf.codes(row("a")) == ["created"]
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(
    ("kind", "code", "text"),
    [
        ("lock_row", "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"),
        ("trigger_lock", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "UNABLE_TO_LOCK_ROW"),
        ("trigger_error", "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "NullPointerException"),
        ("storage_full", "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded"),
    ],
)
def test_a_row_fault_fails_its_row_and_passes_when_spent(sf: Caller, kind: str, code: str, text: str) -> None:
    fault(sf, kind, where={"field": "LeadferryId__c", "equals": "b"})
    first, second = sf.results(row("a"), row("b"))
    assert first["success"]
    assert second["errors"][0]["statusCode"] == code
    assert text in second["errors"][0]["message"]
    assert sf.codes(row("b")) == ["created"]


def test_a_row_fault_says_what_it_is_told(sf: Caller) -> None:
    where = {"field": "Email", "contains": "@acme."}
    fault(sf, "row_error", code="ENTITY_IS_LOCKED", message="in approval", fields=["City"], where=where)
    assert sf.error(Email="ada@acme.example") == {
        "statusCode": "ENTITY_IS_LOCKED",
        "message": "in approval",
        "fields": ["City"],
    }


def test_row_faults_count_rows(sf: Caller) -> None:
    fault(sf, "lock_row", times=2)
    assert sf.codes(row("a"), row("b"), row("c")) == ["UNABLE_TO_LOCK_ROW", "UNABLE_TO_LOCK_ROW", "created"]


def test_one_matching_row_may_make_the_whole_request_unreadable(sf: Caller) -> None:
    fault(sf, "json_parser_error", times=None, where={"field": "LastName", "equals": "Poison"})
    assert error_of(sf.upsert(row("a"), row("b", LastName="Poison"))) == (400, "JSON_PARSER_ERROR")
    assert sf.codes(row("a")) == ["created"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "lock_row", "colour": "red"},
        {"kind": "lock_row", "times": -1},
        {"kind": "lock_row", "times": True},
        {"kind": "lock_row", "after": None},
        {"kind": "lock_row", "where": 5},
        {"kind": "lock_row", "where": {"equals": "x"}},
        {"kind": "lock_row", "where": {"field": "City"}},
        {"kind": "lock_row", "where": {"field": 5, "equals": "x"}},
        {"kind": "lock_row", "where": {"field": "City", "equals": ["x"]}},
        {"kind": "lock_row", "fields": "City"},
        {"kind": "lock_row", "message": 5},
        {"kind": "lock_row", "self": 5},
        {"kind": "slow", "seconds": "long"},
        {"kind": "slow", "seconds": -1},
        {"kind": "slow", "path": 5},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sf: Caller, body: dict[str, Any]) -> None:
    assert sf.http.post("/control/faults", json=body).status_code == 400
    assert sf.control("GET", "faults") == []


def test_a_detail_of_a_fault_that_does_not_fit_is_told_with_what_does(sf: Caller) -> None:
    answer = sf.http.post("/control/faults", json={"kind": "lock_row", "where": 5})
    assert answer.json() == {"error": "where takes an object of field, and equals or contains, not 5"}


def test_every_fault_is_in_the_reference(reference: str) -> None:
    assert {kind for kind in KINDS if f"`{kind}`" not in reference} == set()


def test_a_lost_connection_is_told_in_the_log_as_no_answer(sf: Caller) -> None:
    fault(sf, "reset_before")
    with pytest.raises((ConnectionResetError, httpx2.TransportError)):
        sf.upsert(row("a"))
    assert sf.control("GET", "requests")[-1]["status"] == 0
