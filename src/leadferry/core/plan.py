"""What to do for one contact that was looked at: the diff between its lead and what it is now."""

from collections.abc import Mapping
from enum import StrEnum

from leadferry.core.state import RELEASING, Cause, State


class Decision(StrEnum):
    """The plan for one contact."""

    SEND_CREATE = "create"
    SEND_UPDATE = "update"
    UNCHANGED = "unchanged"
    NOT_ELIGIBLE = "not eligible"
    HOLD_BLOCKED = "blocked"
    NOT_KEPT = "changed, not kept updated"
    FINAL = "final"

    @property
    def sends(self) -> bool:
        return self in (Decision.SEND_CREATE, Decision.SEND_UPDATE)


def before_mapping(state: State, *, lead_exists: bool, qualifies: bool, causes: Cause) -> Decision | None:
    """The decision that needs no mapped values, or None when they have to be compared or sent.

    A contact that has a lead is looked at whatever its score is now (product description, The run, step 2);
    so is one that may have got a lead, because only sending it again tells.
    """
    if state.final:
        return Decision.FINAL
    if state.held and not causes & RELEASING:
        return Decision.HOLD_BLOCKED
    if not (lead_exists or qualifies or state is State.IN_DOUBT):
        return Decision.NOT_ELIGIBLE
    return None


def after_mapping(*, lead_exists: bool, keep_updated: bool, same: bool) -> Decision:
    """The decision once the values are mapped; `same` when they have the fingerprint last delivered."""
    if not lead_exists:
        return Decision.SEND_CREATE
    if same:
        return Decision.UNCHANGED
    return Decision.SEND_UPDATE if keep_updated else Decision.NOT_KEPT


def alters(held: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Whether a lead that holds these values would get another. A field that is not wanted is left alone."""
    return any(held.get(name) != value for name, value in wanted.items())
