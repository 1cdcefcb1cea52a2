"""Looks at the due contacts of a run: qualify, map, check, compare; what is left is to be sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from leadferry.core.change import Change, Look
from leadferry.core.contact import external_id
from leadferry.core.lead import fingerprint
from leadferry.core.outcome import Invalid, Reason
from leadferry.core.plan import Decision, after_mapping, before_mapping
from leadferry.core.qualify import Threshold, qualifies
from leadferry.core.state import State
from leadferry.engine.orders import Order
from leadferry.ledger.storage import due
from leadferry.ledger.storage.due import SCORE, TAIL_WIDTH

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

    def note(self, contact_id: int, version: int, decision: Decision) -> None:
        """A contact that has a lead and needs no call."""
        same = decision is Decision.UNCHANGED
        self.eligible += same
        self.unchanged += same
        self.looks.append(Look(contact_id, version, State.REPLICATED if same else State.OUTDATED))

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
    for page in due.pages(order.site.pk, order.mapping.columns, now=now, size=page_size):
        check()
        yield from surveyed(page, order, looks)
        settle()


def surveyed(page: Sequence[Row], order: Order, looks: Looks) -> list[Change]:
    """The changes of one page of rows (the mapped columns, then `due.TAIL`)."""
    rows = [row for row in page if _is_to_be_mapped(row[TAIL], order.threshold, looks)]
    leads = order.mapping.apply_all(rows, [row[SCORE] for row in rows])
    serialize, keep_updated = serializer(order), order.keep_updated
    changes: list[Change] = []
    for row, fields in zip(rows, leads, strict=True):
        contact_id, _, version, _, state, lead_id, known, tries, tried_in, key, _ = row[TAIL]
        exists = bool(lead_id)
        if isinstance(fields, Invalid):
            change = Change(contact_id, version, key, b"", b"", 0, 0)
            _note_invalid(looks, change, fields, wanted=keep_updated or not exists)
            continue
        body, print_ = serialize(key, fields, exists)
        if exists:
            # After a lost answer nobody knows what the lead holds: the values delivered last prove nothing.
            same = print_ == known and state != State.IN_DOUBT
            decision = after_mapping(lead_exists=exists, keep_updated=keep_updated, same=same)
            if not decision.sends:
                looks.note(contact_id, version, decision)
                continue
        changes.append(Change(contact_id, version, key, body, print_, tries or 0, tried_in or 0, exists))
    return changes


def _is_to_be_mapped(tail: Row, threshold: Threshold, looks: Looks) -> bool:
    """Whether the contact's values matter; if not, it is noted as looked at."""
    contact_id, score, version, causes, state, lead_id, _, _, _, _, anonymous = tail
    worthy = qualifies(threshold, score=score, anonymous=anonymous)
    if state is None and worthy:
        return True  # nothing is known that could hold it back
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


def serializer(order: Order) -> Callable[[str, dict[str, Any], bool], tuple[bytes, bytes]]:
    """What makes the row that goes over the wire, and its fingerprint, of a key and its lead's fields.

    The fingerprint is of the values that the lead holds and that an update could alter. Empty ones do not
    count: a field that is newly mapped alters only the leads that get something in it.
    """
    mapping, code, one_form = order.mapping, order.site.code, order.mapping.same_for_update
    head = b'{"attributes":{"type":"Lead"},"' + order.external_id_field.encode() + b'":"%b",%b'
    dumps = orjson.dumps

    def serialize(key: str, fields: dict[str, Any], known: bool) -> tuple[bytes, bytes]:
        if one_form and all(fields.values()):
            body = dumps(fields)
            return head % (external_id(code, key).encode(), body[1:]), fingerprint(body)
        held = fields
        if not one_form:
            fields = mapping.for_update(fields) if known else mapping.for_create(fields)
            held = mapping.for_update(fields)
        body = dumps(fields)
        filled = {name: value for name, value in held.items() if value is not None}
        print_ = fingerprint(body if len(filled) == len(fields) else dumps(filled))
        return head % (external_id(code, key).encode(), body[1:]), print_

    return serialize
