"""What the organization's lead says about the link that is kept of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

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


def differs(ours: Mapping[str, Any], lead: Mapping[str, Any]) -> list[str]:
    """The fields in which the lead holds another value than is mapped; names as mapped."""
    return [name for name, value in ours.items() if not _same(value, lead.get(name))]


def _same(ours: Any, theirs: Any) -> bool:
    if ours in (None, "") or theirs in (None, ""):
        # A checkbox cannot be empty: nothing and false are the same there.
        return (ours or None) == (theirs or None)
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return bool(ours) is bool(theirs)
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) < 1e-9 * max(1.0, abs(ours))
    mine, other = _text(ours), _text(theirs)
    return mine == other or _moment(mine) == _moment(other)


def _text(value: Any) -> str:
    # Salesforce strips blanks at both ends and may keep either kind of line break.
    return str(value).strip().replace("\r\n", "\n")


def _moment(text: str) -> str:
    """A date and time in the one form both sides can be brought to; other texts as they are."""
    for ending in (".000+0000", ".000Z", "+00:00", "+0000", "Z"):
        if "T" in text[10:11] and text.endswith(ending):
            return text.removesuffix(ending)
    return text
