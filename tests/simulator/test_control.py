import pytest

from leadferry.simulator import Org

from .caller import Caller, row


def test_the_state_is_told_in_numbers(sf: Caller) -> None:
    made, _ = sf.results(row("a"), row("b"))
    sf.control("POST", f"leads/{made['id']}/delete")
    state = sf.control("GET", "state")
    assert (state["leads"], state["deleted"], state["calls"]) == (1, 1, 1)
    assert state["usage"] == {"used": 1, "max": 15_000}


def test_requests_are_logged_with_their_rows(sf: Caller) -> None:
    sf.upsert(row("a"), row("b"))
    [sign_in, upsert] = sf.control("GET", "requests")
    assert (sign_in["path"], sign_in["counted"]) == ("/services/oauth2/token", False)
    assert (upsert["method"], upsert["status"], upsert["counted"], upsert["rows"]) == ("PATCH", 200, True, 2)


def test_leads_can_be_picked_by_a_field(sf: Caller) -> None:
    sf.upsert(row("a"), row("b"))
    [found] = sf.control("GET", "leads?field=LeadferryId__c&value=b")
    assert found["LeadferryId__c"] == "b"


def test_a_reset_empties_the_organization(sf: Caller) -> None:
    sf.upsert(row("a"))
    sf.control("PATCH", "settings", daily_limit=7)
    sf.control("POST", "fields", name="Tier__c", type="string")
    sf.control("POST", "faults", kind="status_503")
    state = sf.control("POST", "reset")
    assert (state["leads"], state["calls"], state["faults"], state["usage"]["max"]) == (0, 0, 0, 15_000)
    assert sf.call("GET", "limits").status_code == 401
    assert "Tier__c" not in {each["name"] for each in sf.control("GET", "fields")}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nonsense", 1),
        ("daily_limit", "many"),
        ("daily_limit", -1),
        ("daily_limit", True),
        ("session_life", -0.5),
        ("answer_delay", 3601),
        ("max_rows", 0),
        ("over_limit_status", 200),
        ("unknown_field", "sometimes"),
        ("api_enabled", 1),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(sf: Caller, name: str, value: object) -> None:
    before = sf.control("GET", "settings")
    answer = sf.http.patch("/control/settings", json={name: value})
    assert answer.status_code == 400
    assert name in answer.json()["error"]
    assert sf.control("GET", "settings") == before


def test_a_number_out_of_bounds_is_told_the_bounds(sf: Caller) -> None:
    answers = [
        sf.http.patch("/control/settings", json=each).json()["error"]
        for each in ({"daily_limit": -1}, {"over_limit_status": 200})
    ]
    assert answers == [
        "daily_limit takes a number from 0 on, not -1",
        "over_limit_status takes a number from 400 to 599, not 200",
    ]


@pytest.mark.parametrize(
    "body", [{"name": "Tier"}, {"name": "Tier__c", "type": "rocket"}, {"name": "Tier__c", "colour": "red"}]
)
def test_a_field_that_makes_no_sense_is_refused(sf: Caller, body: dict[str, str]) -> None:
    assert sf.http.post("/control/fields", json=body).status_code == 400


def test_a_field_can_be_altered_and_removed(sf: Caller) -> None:
    sf.control("POST", "fields", name="City", length=5)
    assert sf.error(City="London")["statusCode"] == "STRING_TOO_LONG"
    sf.control("POST", "fields", name="Phone", required=True)
    assert sf.error()["message"] == "Required fields are missing: [Phone]"
    sf.control("POST", "fields", name="Tier__c")
    sf.control("DELETE", "fields/Tier__c")
    assert sf.error(Tier__c="x", Phone="1")["statusCode"] == "INVALID_FIELD"


def test_the_page_shows_leads_usage_and_faults(sf: Caller) -> None:
    sf.upsert(row("a", LastName="<Ada>"))
    sf.control("POST", "faults", kind="lock_row")
    page = sf.http.get("/control/").text
    assert "&lt;Ada&gt;" in page and "<Ada>" not in page
    assert "1 of 15000" in page and "lock_row" in page


def test_a_button_of_the_page_leads_back_to_it(sf: Caller) -> None:
    answer = sf.http.post("/control/faults", data={"kind": "status_503"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/control/")
    assert len(sf.control("GET", "faults")) == 1


def test_an_unknown_control_path_is_not_found(sf: Caller) -> None:
    assert sf.http.get("/control/nonsense").status_code == 404
    assert sf.http.post("/control/leads/00Qbm0000000009EAA/convert").status_code == 400


def test_an_organization_in_a_file_outlives_its_program(tmp_path) -> None:
    file = str(tmp_path / "org.db")
    first = Caller(Org(file))
    first.control("POST", "fields", name="Tier__c", type="picklist", values=["Gold"])
    first.upsert(row("a", Tier__c="Gold"))
    first.org.store.close()
    second = Caller(Org(file))
    second.headers = first.headers
    assert second.codes(row("a", Tier__c="Gold")) == ["updated"]
    assert second.control("GET", "state")["calls"] == 2
    second.org.store.close()


def test_other_key_fields_can_be_chosen() -> None:
    sf = Caller(Org(external_id_fields=("First__c", "Second__c")))
    for name in ("First__c", "Second__c"):
        body = {"records": [row(None, **{name: "x"})]}
        assert sf.call("PATCH", f"composite/sobjects/Lead/{name}", json=body).json()[0]["created"] is True


def test_every_setting_is_in_the_reference(sf: Caller, reference: str) -> None:
    assert {name for name in sf.control("GET", "settings") if f"`{name}`" not in reference} == set()
