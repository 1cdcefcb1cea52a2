"""Looks at the due contacts of a run: qualify, map, check, compare; what is left is to be sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from leadferry.core.change import Change, Look
from leadferry.core.outcome import Invalid, Reason
from leadferry.core.plan import Decision, after_mapping, before_mapping
from leadferry.core.qualify import Threshold, qualifies
from leadferry.core.state import Cause, State
from leadferry.engine.orders import Order
from leadferry.engine.reshaped import still_held
from leadferry.engine.wire_rows import Leads, quick_serializer, serializer
from leadferry.ledger.storage import census, due, lead_json
from leadferry.ledger.storage.due import (
    ANONYMOUS,
    CAUSES,
    CONTACT,
    KEY,
    KNOWN,
    LEAD_ID,
    SCORE,
    STATE,
    TAIL_WIDTH,
)
from leadferry.ledger.storage.rows import Selected

PAGE = 400
"""Contacts read at once: what a run holds in memory is bounded by it, and stays near the processor."""

Row = Sequence[Any]
STATES = tuple(State)
TAIL = slice(-TAIL_WIDTH, None)


@dataclass(kw_only=True)
class Looks:
    """What a survey found that costs no call, until it is recorded; and how many of it are eligible."""

    looks: list[Look] = field(default_factory=list)
    invalid: list[tuple[Change, Reason]] = field(default_factory=list)
    eligible: int = 0
    unchanged: int = 0

    def note(self, contact_id: int, version: int, decision: Decision, print_: bytes | None = None) -> None:
        """A contact that has a lead and needs no call; with the fingerprint that the lead has from now on."""
        same = decision is Decision.UNCHANGED
        self.eligible += same
        self.unchanged += same
        self.looks.append(Look(contact_id, version, State.REPLICATED if same else State.OUTDATED, print_))

    def taken(self) -> tuple[list[Look], list[tuple[Change, Reason]]]:
        """Hand over what was found since the last time."""
        looks, invalid, self.looks, self.invalid = self.looks, self.invalid, [], []
        return looks, invalid

    def counted(self) -> tuple[int, int]:
        """Hand over how many were eligible and unchanged since the last time."""
        counted = (self.eligible, self.unchanged)
        self.eligible = self.unchanged = 0
        return counted


def survey(
    order: Order,
    looks: Looks,
    *,
    now: int,
    settle: Callable[[], None],
    check: Callable[[], None] = lambda: None,
    page_size: int = PAGE,
) -> Iterator[Change]:
    """Changes to send, best score first; what needs no call goes to `looks`, and `settle` writes it down.

    `now`: epoch seconds; contacts that wait for a later try are left out. `check` is called when a page was
    read and before it is looked at; it raises when the order does not hold any more.
    """
    for page in due.pages(order.site.pk, selection(order), now=now, size=page_size):
        check()
        yield from surveyed(page, order, looks)
        settle()


def selection(order: Order) -> Selected:
    """What `surveyed` wants to see of a contact."""
    shortcut = order.mapping.shortcut
    return lead_json.selected(shortcut) if shortcut else Selected()


def surveyed(page: Sequence[Row], order: Order, looks: Looks) -> list[Change]:
    """The changes of one page of rows: what was selected, then `due.TAIL`."""
    rows = [row for row in page if _is_to_be_mapped(row, order.threshold, looks)]
    leads, keep_updated = _leads(rows, order), order.keep_updated
    held = still_held(order, _edited(rows, leads)) if order.before else {}
    changes: list[Change] = []
    for row in rows:
        lead = leads.get(row[CONTACT])
        if lead is None:
            continue  # deleted since
        contact_id, _, version, _, state, lead_id, known, tries, tried_in, key, _ = row[TAIL]
        exists = bool(lead_id)
        if isinstance(lead, Invalid):
            change = Change(contact_id, version, key, b"", b"", 0, 0)
            _note_invalid(looks, change, lead, wanted=keep_updated or not exists)
            continue
        body, print_ = lead
        if exists:
            # After a lost answer nobody knows what the lead holds: the values delivered last prove nothing.
            same = (print_ == known or contact_id in held) and state != State.IN_DOUBT
            decision = after_mapping(lead_exists=exists, keep_updated=keep_updated, same=same)
            if not decision.sends:
                looks.note(contact_id, version, decision, held.get(contact_id) if same else None)
                continue
        values = (contact_id, version, key, body, print_, tries or 0, tried_in or 0, exists)
        changes.append(tuple.__new__(Change, values))  # its own constructor costs three times as much
    return changes


def _edited(rows: Sequence[Row], leads: Leads) -> dict[int, bytes | None]:
    """Whose lead the mapping, since it was edited, makes otherwise; with the fingerprint it has."""
    marked = [row for row in rows if row[LEAD_ID] and row[CAUSES] & Cause.MAPPING]
    mapped = [(row[CONTACT], row[KNOWN], leads.get(row[CONTACT])) for row in marked]
    return {
        contact_id: known
        for contact_id, known, lead in mapped
        if lead and not isinstance(lead, Invalid) and lead[1] != known
    }


def _leads(rows: Sequence[Row], order: Order) -> Leads:
    """Who needs an exact look is read again, whole; one deleted meanwhile is missing.

    The row stays that of the first look: what touched the contact since, an edit of the mapping too, has
    given it another version, with which it stays on the list.
    """
    mapping, serialize = order.mapping, serializer(order)
    leads = quick_serializer(order, mapping.shortcut)(rows) if mapping.shortcut else Leads()
    if len(leads) == len(rows):
        return leads
    doubtful = {row[CONTACT]: row for row in rows if row[CONTACT] not in leads}
    whole = census.rows(list(doubtful), mapping.columns, order.threshold.score_name)
    for contact_id, points, *values in whole:
        fields, row = mapping.apply(values, points), doubtful[contact_id]
        if isinstance(fields, Invalid):
            leads[contact_id] = fields
        else:
            leads[contact_id] = serialize(row[KEY], fields, bool(row[LEAD_ID]))
    return leads


def _is_to_be_mapped(row: Row, threshold: Threshold, looks: Looks) -> bool:
    """Whether the contact's values matter; if not, it is noted as looked at."""
    worthy = qualifies(threshold, score=row[SCORE], anonymous=row[ANONYMOUS])
    if worthy and row[STATE] is None:
        return True  # nothing is known that could hold it back
    contact_id, _, version, causes, state, lead_id, *_ = row[TAIL]
    stands = STATES[state or 0]
    early = before_mapping(stands, lead_exists=bool(lead_id), qualifies=worthy, causes=causes)
    if early:
        # Let go of and no longer worth a lead: from now on the score alone decides.
        freed = State.NONE if early is Decision.NOT_ELIGIBLE and stands else None
        looks.looks.append(Look(contact_id, version, freed))
    return early is None


def _note_invalid(looks: Looks, change: Change, fields: Invalid, *, wanted: bool) -> None:
    """A contact whose update is not wanted is in nobody's way, however wrong its values are."""
    if wanted:
        looks.eligible += 1
        looks.invalid.append((change, fields.reason))
    else:
        looks.note(change.contact_id, change.version, Decision.NOT_KEPT)
