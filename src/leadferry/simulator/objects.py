"""Objects beside Lead: just enough of each to grant a field, to name the user, and to be queried."""

from leadferry.simulator.schema import Field, Schema, schema_of, standard

_FLAGS = ("PermissionsRead", "PermissionsEdit", "PermissionsCreate", "PermissionsDelete")


def others() -> dict[str, Schema]:
    """The schemas of the objects that are simulated in outline only."""
    text = standard("Name", "Name", "string", "CU", length=80)
    label = standard("Label", "Label", "string", "CU", length=80)
    parent = standard("ParentId", "Parent ID", "reference", "CU", length=18, refers_to=("PermissionSet",))
    sobject = standard("SobjectType", "Object", "string", "CU", length=80)
    flags = [standard(name, name, "boolean", "CUD") for name in _FLAGS]
    fields = {
        "User": [text, standard("Username", "Username", "string", length=80), *_person()],
        "Organization": [text, standard("IsSandbox", "Is Sandbox", "boolean", "D")],
        "Group": [text, standard("Type", "Type", "string", length=40)],
        "PermissionSet": [text, label],
        "FieldPermissions": [
            parent,
            sobject,
            standard("Field", "Field", "string", "CU", length=80),
            *flags[:2],
        ],
        "ObjectPermissions": [parent, sobject, *flags, *_wide()],
        "PermissionSetAssignment": [
            standard("AssigneeId", "Assignee ID", "reference", "CU", length=18, refers_to=("User",)),
            standard(
                "PermissionSetId",
                "PermissionSet ID",
                "reference",
                "CU",
                length=18,
                refers_to=("PermissionSet",),
            ),
        ],
    }
    return {name: schema_of(name, each) for name, each in fields.items()}


def _person() -> list[Field]:
    return [standard("Email", "Email", "email", length=80), standard("IsActive", "Active", "boolean", "D")]


def _wide() -> list[Field]:
    names = ("PermissionsViewAllRecords", "PermissionsModifyAllRecords")
    return [standard(name, name, "boolean", "CUD") for name in names]
