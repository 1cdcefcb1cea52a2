"""Who sees a field: a custom field made through the API stays hidden until a permission set shows it."""

from collections.abc import Mapping
from dataclasses import replace

from leadferry.simulator.errors import RowError
from leadferry.simulator.org import Org
from leadferry.simulator.shapes import Json


def refresh_visibility(org: Org, sobject: str) -> None:
    """Shows the fields that a permission set of the user now grants; to call when such a row was saved."""
    if sobject not in ("FieldPermissions", "PermissionSetAssignment"):
        return
    mine = {
        row["PermissionSetId"]
        for row in org.store.select("PermissionSetAssignment", "deleted = 0")
        if row["AssigneeId"] == org.user_id
    }
    for grant in org.store.select("FieldPermissions", "deleted = 0"):
        name = grant["Field"].removeprefix("Lead.")
        found = org.leads.find(name)
        if grant["ParentId"] in mine and grant["PermissionsRead"] and found and found.hidden:
            edit = bool(grant["PermissionsEdit"])
            org.put_field(replace(found, hidden=False, createable=edit, updateable=edit))


def problems(org: Org, sobject: str, values: Mapping[str, Json]) -> list[RowError]:
    """Why a permission cannot be given: twice, or for a field that takes none."""
    if sobject == "PermissionSetAssignment":
        return _twice(org, values)
    if sobject != "FieldPermissions":
        return []
    name = str(values.get("Field")).removeprefix("Lead.")
    found = org.leads.find(name)
    if found is None or not (found.nillable and (found.createable or found.updateable or found.hidden)):
        text = f"Field Name: bad value for restricted picklist field: Lead.{name}"
        return [RowError(code="INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message=text, fields=("Field",))]
    return []


def _twice(org: Org, values: Mapping[str, Json]) -> list[RowError]:
    pair = (values.get("AssigneeId"), values.get("PermissionSetId"))
    held = org.store.select("PermissionSetAssignment", "deleted = 0")
    if pair not in {(row["AssigneeId"], row["PermissionSetId"]) for row in held}:
        return []
    text = f"Duplicate PermissionSetAssignment.  Assignee: {pair[0]}; Permission Set: {pair[1]}"
    return [RowError(code="DUPLICATE_VALUE", message=text, fields=("AssigneeId", "PermissionSetId"))]
