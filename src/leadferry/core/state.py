"""Few states drive the code; what people read is worked out from them."""

from enum import IntEnum, IntFlag


class State(IntEnum):
    """What we know of a contact's lead. The numbers are stored.

    RETRYING: the last call did not save it. IN_DOUBT: it may have, for the answer was lost.
    """

    NONE = 0
    REPLICATED = 1
    OUTDATED = 2
    RETRYING = 3
    BLOCKED = 4
    INVALID = 5
    CONVERTED = 6
    SUPPRESSED = 7
    IN_DOUBT = 8

    @property
    def held(self) -> bool:
        """Whether the contact is in quarantine: it waits for a change."""
        return self in (State.BLOCKED, State.INVALID)

    @property
    def final(self) -> bool:
        """Whether no run touches the lead any more."""
        return self in (State.CONVERTED, State.SUPPRESSED)


class Cause(IntFlag):
    """Why a contact may have something to send; the bits of a due mark. The numbers are stored."""

    NONE = 0
    CONTACT = 1
    SCORE = 2
    MAPPING = 4
    UNBLOCKED = 8
    DESCRIBE = 16
    LEAD_GONE = 32
    SETTINGS = 64


RELEASING = Cause.CONTACT | Cause.MAPPING | Cause.UNBLOCKED | Cause.DESCRIBE | Cause.LEAD_GONE
"""The causes that take a contact out of quarantine; neither a score nor a setting is among them."""


_ALTERING = Cause.CONTACT | Cause.MAPPING | Cause.LEAD_GONE


def shown_status(
    state: State, *, lead_exists: bool, due: Cause, qualifies: bool, fields_differ: bool | None = None
) -> str:
    """The word people read for a contact's replication (interface description, section 3).

    `due` are the causes that no run has looked at yet. `fields_differ` says whether the mapped values differ
    from the delivered ones; None, when nobody compared them, takes a due mark of the contact or the mapping
    for it.
    """
    if state.final or state.held:
        # A release is shown before a run acts on it: the contact is not waiting for a change any more.
        return _waiting(lead_exists, qualifies) if state.held and due & RELEASING else state.name.lower()
    if state in (State.RETRYING, State.IN_DOUBT):
        return "retrying"
    if not lead_exists:
        return _waiting(lead_exists, qualifies)
    if fields_differ is None:
        fields_differ = state is State.OUTDATED or bool(due & _ALTERING)
    return "outdated" if fields_differ else "replicated"


def _waiting(lead_exists: bool, qualifies: bool) -> str:
    if lead_exists:
        return "outdated"
    return "pending" if qualifies else "not_eligible"
