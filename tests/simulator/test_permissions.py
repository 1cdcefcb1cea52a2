import pytest

from .caller import Caller, error_of, row

FIELD = {
    "FullName": "Lead.Ferry_Id__c",
    "Metadata": {
        "label": "Ferry Id",
        "type": "Text",
        "length": 32,
        "externalId": True,
        "unique": True,
        "caseSensitive": True,
    },
}


def make(sf: Caller, sobject: str, **fields: object) -> str:
    answer = sf.call("POST", f"sobjects/{sobject}", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def seen(sf: Caller) -> dict[str, dict]:
    return {each["name"]: each for each in sf.call("GET", "sobjects/Lead/describe").json()["fields"]}


@pytest.fixture
def field_id(sf: Caller) -> str:
    answer = sf.call("POST", "tooling/sobjects/CustomField", json=FIELD)
    assert answer.status_code == 201
    return answer.json()["id"]


@pytest.fixture
def permission_set(sf: Caller, field_id: str) -> str:
    return make(sf, "PermissionSet", Name="Ferry", Label="Ferry")


def grant(sf: Caller, permission_set: str, *, edit: bool) -> None:
    field = {"SobjectType": "Lead", "Field": "Lead.Ferry_Id__c"}
    make(sf, "FieldPermissions", ParentId=permission_set, PermissionsRead=True, PermissionsEdit=edit, **field)


def test_a_new_field_is_invisible_until_a_permission_set_shows_it(sf: Caller, permission_set: str) -> None:
    assert "Ferry_Id__c" not in seen(sf)
    grant(sf, permission_set, edit=True)
    assert "Ferry_Id__c" not in seen(sf)
    make(sf, "PermissionSetAssignment", AssigneeId=sf.org.user_id, PermissionSetId=permission_set)
    assert seen(sf)["Ferry_Id__c"]["externalId"]
    body = {"records": [row(None, Ferry_Id__c="x")]}
    assert sf.call("PATCH", "composite/sobjects/Lead/Ferry_Id__c", json=body).json()[0]["created"] is True


def test_a_field_that_may_only_be_read_is_not_writable(sf: Caller, permission_set: str) -> None:
    grant(sf, permission_set, edit=False)
    make(sf, "PermissionSetAssignment", AssigneeId=sf.org.user_id, PermissionSetId=permission_set)
    assert not seen(sf)["Ferry_Id__c"]["createable"]
    assert sf.error(Ferry_Id__c="x")["statusCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_a_permission_set_is_assigned_once(sf: Caller, permission_set: str) -> None:
    pair = {"AssigneeId": sf.org.user_id, "PermissionSetId": permission_set}
    make(sf, "PermissionSetAssignment", **pair)
    answer = sf.call("POST", "sobjects/PermissionSetAssignment", json=pair)
    assert error_of(answer) == (400, "DUPLICATE_VALUE")
    assert answer.json()[0]["message"].startswith("Duplicate PermissionSetAssignment.  Assignee: ")


def test_a_required_field_takes_no_permission(sf: Caller, permission_set: str) -> None:
    fields = {
        "ParentId": permission_set,
        "SobjectType": "Lead",
        "Field": "Lead.LastName",
        "PermissionsRead": True,
    }
    assert sf.call("POST", "sobjects/FieldPermissions", json=fields).status_code == 400


def test_a_field_is_made_once(sf: Caller, field_id: str) -> None:
    assert error_of(sf.call("POST", "tooling/sobjects/CustomField", json=FIELD)) == (
        400,
        "DUPLICATE_DEVELOPER_NAME",
    )


def test_a_field_can_be_deleted_again(sf: Caller, field_id: str) -> None:
    assert sf.call("DELETE", f"tooling/sobjects/CustomField/{field_id}").status_code == 204
    assert sf.call("POST", "tooling/sobjects/CustomField", json=FIELD).status_code == 201


def test_a_type_of_field_beyond_the_simulated_ones_says_so(sf: Caller) -> None:
    body = {"FullName": "Lead.Sum__c", "Metadata": {"type": "Summary"}}
    assert error_of(sf.call("POST", "tooling/sobjects/CustomField", json=body)) == (501, "NOT_SIMULATED")
