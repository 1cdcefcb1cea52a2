"""After which outcomes a contact is blocked, when it is tried again, and what releases it."""

from collections.abc import Collection, Mapping

from leadferry.core.state import Cause

MAX_TRIES_IN_A_ROW = 20
_DELAYS = (1, 2, 4)
_LONGEST_DELAY = 5

RELEASES: Mapping[Cause, str] = {
    Cause.CONTACT: "A field of the contact was updated.",
    Cause.MAPPING: "The mapping of the site was changed.",
    Cause.UNBLOCKED: "A person unblocked the contact.",
    Cause.DESCRIBE: "The lead field that caused it was changed in Salesforce.",
    Cause.LEAD_GONE: "The lead was deleted in Salesforce and is created again.",
}
"""Everything that takes a contact out of quarantine, as people read it (product description, Quarantine)."""


def after_postponed(tries: int) -> bool:
    """Whether a contact postponed in that many runs in a row is blocked now."""
    return tries >= MAX_TRIES_IN_A_ROW


def retry_delay(tries: int) -> int:
    """Seconds until a contact postponed in that many runs in a row is due again: 1, 2, 4, then 5.

    Short, so that runs repeated for half a minute carry it through once the fault has passed.
    """
    return _DELAYS[max(tries, 1) - 1] if tries <= len(_DELAYS) else _LONGEST_DELAY


def released_by_describe(reason_fields: Collection[str], changed_fields: Collection[str]) -> bool:
    """Whether a change of these lead fields in the org releases a contact blocked over those."""
    changed = {name.lower() for name in changed_fields}
    return any(name.lower() in changed for name in reason_fields)
