"""The field of Lead that holds our external ID, made in the organization and shown to the connected user."""

from collections.abc import Callable
from typing import TypeVar

from leadferry.core.describe import EXTERNAL_ID_LENGTH, LeadDescribe
from leadferry.engine import describes
from leadferry.engine.line import LEAD, Line
from leadferry.ledger import events
from leadferry.salesforce import SalesforceError

LABEL = "Leadferry ID"
PERMISSION_SET = "Leadferry"
SUFFIX = "__c"
THERE_ALREADY = frozenset({"DUPLICATE_DEVELOPER_NAME", "DUPLICATE_VALUE"})
METADATA = {
    "label": LABEL,
    "type": "Text",
    "length": EXTERNAL_ID_LENGTH,
    "unique": True,
    "caseSensitive": False,
    "externalId": True,
    "required": False,
    "description": "The key of the contact that Leadferry keeps this lead for.",
}

Found = TypeVar("Found")


class NotCustom(ValueError):
    """Only a custom field can be created; its API name ends in __c."""


def create_key_field(line: Line, name: str, *, by: str) -> LeadDescribe:
    """Make the field as Text(32), unique and external ID, let the connected user edit it; the new describe.

    Costs at most six calls, each within the site's budget and accounted for. What is there already is taken
    as it is, so that it can be repeated after a failure. Raises SalesforceError, NotCustom, VaultError.
    Source: interface description, section 2; Object Reference, FieldPermissions.
    """
    if not name.endswith(SUFFIX):
        raise NotCustom(f"{name}: the name of a custom field ends in {SUFFIX}")
    try:
        _unless_there(line, lambda: line.client.create_field(LEAD, name, METADATA))
        _permit(line, name)
        text = f"Lead.{name} was created in the organization, and the connected user may edit it."
        events.note("field.created", at=line.clock(), site=line.site.code, user=by, description=text)
        return describes.current(line, anew=True)
    finally:
        line.account()


def _permit(line: Line, name: str) -> None:
    parent = _permission_set(line)
    grant: dict[str, object] = {"ParentId": parent, "SobjectType": LEAD, "Field": f"{LEAD}.{name}"}
    grant |= {"PermissionsRead": True, "PermissionsEdit": True}
    _unless_there(line, lambda: line.client.create("FieldPermissions", grant))
    held = {"AssigneeId": line.client.connect().user_id, "PermissionSetId": parent}
    _unless_there(line, lambda: line.client.create("PermissionSetAssignment", held))


def _permission_set(line: Line) -> str:
    """The id of our permission set, made if need be."""
    wanted = f"SELECT Id FROM PermissionSet WHERE Name = '{PERMISSION_SET}' LIMIT 1"
    for found in line.client.query(wanted, before_call=line.afford):
        return str(found["Id"])
    line.afford()
    return line.client.create("PermissionSet", {"Name": PERMISSION_SET, "Label": PERMISSION_SET})


def _unless_there(line: Line, call: Callable[[], Found]) -> Found | None:
    line.afford()
    try:
        return call()
    except SalesforceError as refused:
        if refused.code not in THERE_ALREADY:
            raise
        return None
