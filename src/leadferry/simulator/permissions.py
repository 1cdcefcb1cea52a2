"""Who sees a field: a custom field made through the API stays hidden until a permission set shows it."""

from dataclasses import replace

from leadferry.simulator.org import Org


def refresh_visibility(org: Org, sobject: str) -> None:
    """Shows the fields that a permission set of the user now grants; called after such an object was saved."""
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
