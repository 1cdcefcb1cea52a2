"""What Salesforce refuses, and what the error says to do next."""

from __future__ import annotations

import pickle

import pytest

from leadferry.salesforce import (
    AuthorizationRefused,
    Client,
    InDoubt,
    LimitReached,
    NeedsPerson,
    NotFound,
    Rejected,
    SalesforceError,
    TryLater,
)

from .scripted import Reply, ScriptedOrg, page, refusing

ROW = [b'{"attributes":{"type":"Lead"}}']


def refused(client: Client, org: ScriptedOrg, reply: Reply) -> SalesforceError:
    org.will(reply)
    with pytest.raises(SalesforceError) as caught:
        client.create_rows(ROW)
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        (500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.", TryLater),
        (503, "SERVER_UNAVAILABLE", "server too busy", TryLater),
        (500, "BRAND_NEW", "no", TryLater),
        (400, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access", TryLater),
        (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "trigger: UNABLE_TO_LOCK_ROW, ...", TryLater),
        (400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "NullPointerException", Rejected),
        (403, "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", "read only", TryLater),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", TryLater),
        (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit.", TryLater),
        (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", LimitReached),
        (403, "API_DISABLED_FOR_ORG", "API is not enabled", NeedsPerson),
        (403, "INSUFFICIENT_ACCESS", "insufficient access", NeedsPerson),
        (403, "BRAND_NEW", "no", NeedsPerson),
        (410, "GONE", "retired", NeedsPerson),
        (400, "INVALID_FIELD", "No such column 'X__c' on sobject of type Lead", NeedsPerson),
        (400, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields", NeedsPerson),
        (400, "INVALID_TYPE", "sObject type 'Laed' is not supported.", NeedsPerson),
        (400, "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", NeedsPerson),
        (302, "", "", NeedsPerson),
        (400, "JSON_PARSER_ERROR", "Cannot deserialize", Rejected),
        (400, "MALFORMED_QUERY", "unexpected token", Rejected),
        (400, "BRAND_NEW", "no", Rejected),
        (404, "ENTITY_IS_DELETED", "entity is deleted", NotFound),
        (415, "UNSUPPORTED_MEDIA_TYPE", "no", Rejected),
    ],
)
def test_a_refusal_is_sorted_by_what_to_do_next(
    client: Client, org: ScriptedOrg, status: int, code: str, message: str, kind: type[SalesforceError]
) -> None:
    error = refused(client, org, refusing(status, code, message))
    assert type(error) is kind
    assert (error.code, error.status) == (code, status)


@pytest.mark.parametrize("status", [420, 429, 500, 502, 503, 403, 404, 200])
def test_a_web_page_passes(client: Client, org: ScriptedOrg, status: int) -> None:
    error = refused(client, org, page(status))
    assert type(error) is TryLater and error.status == status


@pytest.mark.parametrize("status", [413, 414, 431])
def test_a_request_too_large_for_the_edge_is_refused_for_its_content(
    client: Client, org: ScriptedOrg, status: int
) -> None:
    assert type(refused(client, org, page(status))) is Rejected


def test_a_gateway_that_gave_up_waiting_leaves_a_write_in_doubt(client: Client, org: ScriptedOrg) -> None:
    assert type(refused(client, org, page(504))) is InDoubt


def test_an_empty_503_passes(client: Client, org: ScriptedOrg) -> None:
    assert type(refused(client, org, Reply(status=503, kind="", usage=None))) is TryLater


@pytest.mark.parametrize("body", [b"null", b"7", b'"x"', b"[7]", b"{}", b"[{}]", b'[{"fields":null}]'])
def test_an_error_of_an_unknown_shape_is_still_sorted(client: Client, org: ScriptedOrg, body: bytes) -> None:
    assert type(refused(client, org, Reply(status=400, body=body))) is Rejected


def test_salesforces_own_text_is_kept_word_for_word(client: Client, org: ScriptedOrg) -> None:
    text = "Název společnosti: hodnota je příliš dlouhá"
    error = refused(client, org, refusing(400, "STRING_TOO_LONG", text, "Company"))
    assert error.message == text and error.fields == ("Company",)
    assert str(error) == f"Salesforce refused the request: {text} (STRING_TOO_LONG, HTTP 400)"


def test_a_long_text_is_cut_at_500_characters(client: Client, org: ScriptedOrg) -> None:
    error = refused(client, org, refusing(400, "JSON_PARSER_ERROR", "x" * 9000))
    assert error.message == "x" * 500 and len(str(error)) < 600


def test_the_worst_of_several_errors_decides(client: Client, org: ScriptedOrg) -> None:
    errors = [{"errorCode": "JSON_PARSER_ERROR"}, {"errorCode": "API_DISABLED_FOR_ORG", "message": "off"}]
    assert refused(client, org, Reply(status=403, body=errors)).code == "API_DISABLED_FOR_ORG"


@pytest.mark.parametrize("code", ["API_DISABLED_FOR_ORG", "INVALID_FIELD", "STORAGE_LIMIT_EXCEEDED", "NEW"])
def test_an_error_for_a_person_says_what_to_do_and_who_can(
    client: Client, org: ScriptedOrg, code: str
) -> None:
    error = refused(client, org, refusing(403, code))
    assert isinstance(error, NeedsPerson) and error.fix.endswith(".") and error.who


def test_no_row_shows_in_an_error(client: Client, org: ScriptedOrg) -> None:
    org.will(page(503))
    with pytest.raises(TryLater) as caught:
        client.create_rows([b'{"LastName":"Novak"}'])
    assert "Novak" not in f"{caught.value!r}{caught.value.__dict__}"


def test_errors_survive_a_trip_to_another_process(client: Client, org: ScriptedOrg) -> None:
    error = refused(client, org, refusing(403, "API_DISABLED_FOR_ORG", "off"))
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.__dict__) == (NeedsPerson, str(error), error.__dict__)


def test_a_refused_authorization_needs_a_person() -> None:
    assert issubclass(AuthorizationRefused, NeedsPerson)
