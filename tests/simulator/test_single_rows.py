import pytest

from .caller import Caller, error_of

ADA = {"LastName": "Lovelace", "Company": "Analytical Engines"}
KEYED = "sobjects/Lead/LeadferryId__c/a-17"


@pytest.fixture
def lead(sf: Caller) -> str:
    return sf.call("POST", "sobjects/Lead", json=ADA | {"LeadferryId__c": "a-17"}).json()["id"]


def test_a_row_is_created_read_changed_and_deleted(sf: Caller, lead: str) -> None:
    assert sf.call("PATCH", f"sobjects/Lead/{lead}", json={"City": "London"}).status_code == 204
    read = sf.call("GET", f"sobjects/Lead/{lead}", params={"fields": "City,Company"}).json()
    assert read == {
        "attributes": {"type": "Lead", "url": f"/services/data/v67.0/sobjects/Lead/{lead}"},
        "City": "London",
        "Company": "Analytical Engines",
    }
    assert sf.call("DELETE", f"sobjects/Lead/{lead}").status_code == 204
    assert error_of(sf.call("DELETE", f"sobjects/Lead/{lead}")) == (404, "ENTITY_IS_DELETED")
    assert error_of(sf.call("GET", f"sobjects/Lead/{lead}")) == (404, "NOT_FOUND")


def test_an_id_of_fifteen_characters_serves_as_well(sf: Caller, lead: str) -> None:
    assert sf.call("GET", f"sobjects/Lead/{lead[:15]}").json()["Id"] == lead


def test_an_upsert_answers_201_then_200(sf: Caller) -> None:
    made, changed = (sf.call("PATCH", KEYED, json=ADA) for _ in range(2))
    assert (made.status_code, made.json()["created"]) == (201, True)
    assert (changed.status_code, changed.json()["created"]) == (200, False)


def test_an_upsert_of_an_old_version_answers_an_update_with_nothing(sf: Caller, lead: str) -> None:
    answer = sf.call("PATCH", f"/services/data/v40.0/{KEYED}", json=ADA)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_key_that_ends_like_a_file_is_not_found(sf: Caller, method: str) -> None:
    sf.call("POST", "sobjects/Lead", json=ADA | {"Email": "ada@engines.inc"})
    answer = sf.call(method, "sobjects/Lead/Email/ada@engines.inc", json={"City": "London"})
    assert error_of(answer) == (404, "NOT_FOUND")
    assert sf.column("City") == [None]


def test_an_upsert_may_be_told_not_to_create(sf: Caller) -> None:
    assert sf.call("PATCH", KEYED, json=ADA, params={"updateOnly": "true"}).status_code == 404
    assert sf.leads() == []


def test_a_key_of_several_rows_lists_them_and_writes_nothing(sf: Caller, lead: str) -> None:
    sf.control("PATCH", "settings", unique_keys=False)
    sf.call("POST", "sobjects/Lead", json=ADA | {"LeadferryId__c": "a-17"})
    answer = sf.call("PATCH", KEYED, json={"City": "London"})
    assert (answer.status_code, len(answer.json())) == (300, 2)
    assert {each.get("City") for each in sf.leads()} == {None}


def test_the_key_may_not_be_in_the_body_too(sf: Caller) -> None:
    assert error_of(sf.call("PATCH", KEYED, json=ADA | {"LeadferryId__c": "a-17"})) == (400, "INVALID_FIELD")


def test_an_unknown_key_field_is_not_found(sf: Caller) -> None:
    answer = sf.call("PATCH", "sobjects/Lead/Foo__c/1", json=ADA)
    assert error_of(answer) == (404, "NOT_FOUND")
    assert answer.json()[0]["message"].endswith("is not accessible: Foo__c")


def test_a_data_error_is_an_array_with_an_error_code(sf: Caller) -> None:
    answer = sf.call("POST", "sobjects/Lead", json={"LastName": "Lovelace"})
    assert answer.status_code == 400
    assert answer.json() == [
        {
            "message": "Required fields are missing: [Company]",
            "errorCode": "REQUIRED_FIELD_MISSING",
            "fields": ["Company"],
        }
    ]


def test_a_row_with_two_faults_is_told_both(sf: Caller) -> None:
    answer = sf.call("POST", "sobjects/Lead", json=ADA | {"FirstName": "A" * 41, "Email": "no address"})
    assert answer.status_code == 400
    assert [(each["errorCode"], each["fields"]) for each in answer.json()] == [
        ("STRING_TOO_LONG", ["FirstName"]),
        ("INVALID_EMAIL_ADDRESS", ["Email"]),
    ]


def test_a_row_read_before_is_changed_only_if_nobody_else_did(sf: Caller, lead: str) -> None:
    seen = sf.call("GET", f"sobjects/Lead/{lead}").headers["Last-Modified"]
    sf.control("POST", "clock", advance=60)
    sf.call("PATCH", f"sobjects/Lead/{lead}", json={"City": "London"})
    late = sf.call(
        "PATCH", f"sobjects/Lead/{lead}", json={"City": "Paris"}, headers={"If-Unmodified-Since": seen}
    )
    assert late.status_code == 412


def test_an_unchanged_row_is_not_sent_again(sf: Caller, lead: str) -> None:
    seen = sf.call("GET", f"sobjects/Lead/{lead}").headers["Last-Modified"]
    answer = sf.call("GET", f"sobjects/Lead/{lead}", headers={"If-Modified-Since": seen})
    assert answer.status_code == 304


def test_a_post_may_stand_for_a_patch(sf: Caller, lead: str) -> None:
    answer = sf.call(
        "POST", f"sobjects/Lead/{lead}", params={"_HttpMethod": "PATCH"}, json={"City": "London"}
    )
    assert answer.status_code == 204


def test_a_wrong_method_names_the_right_ones(sf: Caller, lead: str) -> None:
    answer = sf.call("PUT", f"sobjects/Lead/{lead}", json={})
    assert error_of(answer) == (405, "METHOD_NOT_ALLOWED")
    assert "PATCH" in answer.json()[0]["message"]


@pytest.mark.parametrize(
    "path", ["jobs/ingest", "composite/graph", "search", "sobjects/Lead/describe/layouts"]
)
def test_what_is_not_simulated_says_so(sf: Caller, path: str) -> None:
    answer = sf.call("GET", path)
    assert error_of(answer) == (501, "NOT_SIMULATED")
    assert "docs/reference/simulator.md" in answer.json()[0]["message"]


@pytest.mark.parametrize(
    "path", ["nonsense", "sobjects/Laed/describe", "/services/apexrest/x", "/services/datav67.0/limits"]
)
def test_what_does_not_exist_is_not_found(sf: Caller, path: str) -> None:
    assert error_of(sf.call("GET", path)) == (404, "NOT_FOUND")


def test_an_address_beyond_sixteen_kilobytes_is_too_long(sf: Caller) -> None:
    assert sf.call("GET", "query", params={"q": "x" * 17_000}).status_code == 414
    assert sf.call("GET", f"sobjects/Lead/{'%20' * 6_000}").status_code == 414


@pytest.mark.parametrize(("size", "status"), [(15_000, 200), (16_384, 431)])
def test_headers_count_with_the_address(sf: Caller, size: int, status: int) -> None:
    assert sf.call("GET", "limits", headers={"X-Trace": "x" * size}).status_code == status


def test_an_address_and_headers_that_fit_alone_may_be_too_much_together(sf: Caller) -> None:
    answer = sf.call("GET", "limits", params={"q": "x" * 9_000}, headers={"X-Trace": "x" * 9_000})
    assert error_of(answer) == (431, "REQUEST_HEADER_FIELDS_TOO_LARGE")
    assert sf.org.calls() == 0
