import pytest

from .caller import Caller, error_of, row

ALLOW = {"Sforce-Duplicate-Rule-Header": "allowSave=true; includeRecordDetails=false"}
EMAIL = "ada@engines.example"


@pytest.fixture
def twin(sf: Caller) -> str:
    [made] = sf.results(row("a", Email=EMAIL))
    return made["id"]


def test_no_duplicate_rule_runs_unless_switched_on(sf: Caller, twin: str) -> None:
    assert sf.codes(row("b", Email=EMAIL)) == ["created"]


def test_an_alerting_rule_refuses_unless_the_save_is_allowed(sf: Caller, twin: str) -> None:
    sf.control("PATCH", "settings", duplicate_rule="alert")
    assert sf.codes(row("b", Email=EMAIL)) == ["DUPLICATES_DETECTED"]
    assert sf.codes(row("b", Email=EMAIL), headers=ALLOW) == ["created"]


def test_a_blocking_rule_refuses_in_any_case(sf: Caller, twin: str) -> None:
    sf.control("PATCH", "settings", duplicate_rule="block")
    assert sf.codes(row("b", Email=EMAIL), headers=ALLOW) == ["DUPLICATES_DETECTED"]


def test_a_lead_is_no_duplicate_of_itself(sf: Caller, twin: str) -> None:
    sf.control("PATCH", "settings", duplicate_rule="block")
    assert sf.codes(row("a", Email=EMAIL, City="Brno")) == ["updated"]


@pytest.mark.parametrize(("version", "key"), [("67.0", "duplicateResult"), ("40.0", "duplicateResut")])
def test_a_single_save_tells_what_matched(sf: Caller, twin: str, version: str, key: str) -> None:
    sf.control("PATCH", "settings", duplicate_rule="alert")
    body = {name: value for name, value in row("b", Email=EMAIL).items() if name != "attributes"}
    answer = sf.call("POST", f"/services/data/v{version}/sobjects/Lead", json=body)
    assert error_of(answer) == (400, "DUPLICATES_DETECTED")
    result = answer.json()[0][key]
    assert result["allowSave"] is True
    assert result["matchResults"][0]["matchRecords"][0]["record"]["Id"] == twin


def test_a_validation_rule_speaks_in_its_own_words(sf: Caller) -> None:
    sf.control("POST", "rules", name="r", field="Company", pattern="^Acme", message="Acme is a customer.")
    assert sf.error(Company="Acme Ltd") == {
        "statusCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "message": "Acme is a customer.",
        "fields": ["Company"],
    }
    assert sf.codes(row("a")) == ["created"]


def test_a_validation_rule_can_be_lifted(sf: Caller) -> None:
    sf.control("POST", "rules", name="r", field="City", pattern="^$", message="A city, please.")
    assert sf.codes(row("a")) == ["FIELD_CUSTOM_VALIDATION_EXCEPTION"]
    sf.control("DELETE", "rules/r")
    assert sf.codes(row("a")) == ["created"]
