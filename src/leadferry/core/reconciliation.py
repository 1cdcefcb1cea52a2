"""What the organization's lead says about the link that is kept of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from leadferry.core.convert import BLANKS
from leadferry.core.describe import NUMBER_TYPES, LeadDescribe, LeadField
from leadferry.core.state import State

FIELDS = ("Id", "IsConverted", "IsDeleted", "MasterRecordId")
"""The fields of a lead that a reconciliation needs besides the external ID and the mapped ones."""


class Difference(StrEnum):
    """How a link and the organization can disagree (product description, lead lifecycle)."""

    MISSING = "missing"  # a lead is known that the organization does not have, not even in its recycle bin
    DELETED = "deleted"
    MERGED = "merged"
    CONVERTED = "converted"
    DRIFTED = "drifted"  # the lead holds other values than were delivered
    UNLINKED = "unlinked"  # the lead of a contact is there, but not known, or known by another id
    EXTRA = "extra"  # a lead holds an external ID that belongs to no contact


def judge(lead: Mapping[str, Any], *, state: State, lead_id: str) -> Difference | None:
    """What one lead says; None when all is as known. Whether its values drifted is for `differs`."""
    if lead.get("IsDeleted"):
        if lead_id != lead["Id"] or state is State.SUPPRESSED:
            return None
        return Difference.MERGED if lead.get("MasterRecordId") else Difference.DELETED
    if lead.get("IsConverted"):
        return None if state is State.CONVERTED else Difference.CONVERTED
    return Difference.UNLINKED if lead_id != lead["Id"] else None


def differs(ours: Mapping[str, Any], lead: Mapping[str, Any], describe: LeadDescribe) -> list[str]:
    """The fields in which the lead holds another value than is mapped; names as mapped.

    What the organization alters itself when it saves is no difference.
    """
    return [name for name, value in ours.items() if not _same(value, lead.get(name), describe.field(name))]


def _same(ours: Any, theirs: Any, field: LeadField | None) -> bool:
    clothe = _CLOTHES.get(field.type, _text) if field else _text
    mine, other = clothe(ours), clothe(theirs)
    if field and isinstance(mine, float) and isinstance(other, float):
        # Salesforce rounds to the field's decimals on save (object reference, field types).
        return abs(mine - other) <= 0.5 * 10.0**-field.scale + 1e-9 * abs(mine)
    return bool(mine == other)


def _text(value: Any) -> Any:
    # Salesforce strips blanks at both ends and may keep either kind of line break.
    return None if value is None else str(value).strip(BLANKS).replace("\r\n", "\n") or None


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) else _text(value)


def _moment(value: Any) -> Any:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return _text(value)


def _entries(value: Any) -> Any:
    return sorted(entry.strip() for entry in (_text(value) or "").split(";"))


def _address(value: Any) -> Any:
    return (_text(value) or "").lower()


_CLOTHES: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(NUMBER_TYPES, _number),
    "boolean": bool,  # a checkbox cannot be empty: nothing and false are the same there
    "datetime": _moment,
    "email": _address,
    "multipicklist": _entries,
}
"""By field type, what makes a value comparable: an e-mail address is saved in lower case, the entries of a
multi-select picklist in the organization's own order."""
