import pytest

from .caller import Caller, row


@pytest.fixture
def lead(sf: Caller) -> str:
    [made] = sf.results(row("a-17"))
    return made["id"]


def test_a_converted_lead_takes_no_update(sf: Caller, lead: str) -> None:
    sf.control("POST", f"leads/{lead}/convert")
    assert sf.error(City="Brno") == {
        "statusCode": "CANNOT_UPDATE_CONVERTED_LEAD",
        "message": "cannot reference converted lead",
        "fields": [],
    }


def test_a_user_who_may_edit_converted_leads_updates_one(sf: Caller, lead: str) -> None:
    sf.control("POST", f"leads/{lead}/convert")
    sf.control("PATCH", "settings", sees_converted=True)
    assert sf.codes(row("a-17")) == ["updated"]


@pytest.mark.parametrize(
    ("choice", "word", "leads"),
    [("insert", "created", 2), ("error", "ENTITY_IS_DELETED", 1), ("undelete", "updated", 1)],
)
def test_a_key_in_the_recycle_bin_is_met_as_set(
    sf: Caller, lead: str, choice: str, word: str, leads: int
) -> None:
    sf.control("POST", f"leads/{lead}/delete")
    sf.control("PATCH", "settings", deleted_key=choice)
    assert sf.codes(row("a-17")) == [word]
    assert len(sf.leads()) == leads


def test_a_hard_deleted_lead_leaves_nothing(sf: Caller, lead: str) -> None:
    sf.control("POST", f"leads/{lead}/delete", hard=True)
    assert sf.leads() == []


def test_a_merged_lead_names_its_master_and_keeps_its_key(sf: Caller, lead: str) -> None:
    [winner] = sf.results(row("b"))
    sf.control("POST", f"leads/{lead}/merge", winner=winner["id"])
    [gone] = [each for each in sf.leads() if each["Id"] == lead]
    assert (gone["IsDeleted"], gone["MasterRecordId"]) == (True, winner["id"])
    assert sf.codes(row("a-17")) == ["created"]


def test_a_lead_is_not_restored_while_another_has_its_key(sf: Caller, lead: str) -> None:
    sf.control("POST", f"leads/{lead}/delete")
    sf.upsert(row("a-17"))
    answer = sf.http.post(f"/control/leads/{lead}/undelete")
    assert (answer.status_code, "DUPLICATE_VALUE" in answer.text) == (400, True)


def test_an_assignment_rule_takes_the_lead_unless_told_not_to(sf: Caller, lead: str) -> None:
    queue = sf.control("POST", "owners", name="Callers", type="Queue")["id"]
    sf.control("PATCH", "settings", assignment_owner=queue)
    sf.upsert(row("b"), headers={"Sforce-Auto-Assign": "false"})
    sf.upsert(row("c"))
    owners = {each["LeadferryId__c"]: each["OwnerId"] for each in sf.leads()}
    assert owners["b"] == owners["a-17"] == sf.org.user_id
    assert owners["c"] == queue


def test_name_and_system_fields_are_kept_by_the_organization(sf: Caller, lead: str) -> None:
    sf.upsert(row("a-17", FirstName="Ada"))
    [kept] = sf.leads()
    assert kept["Name"] == "Ada Lovelace"
    assert kept["CreatedDate"] <= kept["LastModifiedDate"] == kept["SystemModstamp"]
