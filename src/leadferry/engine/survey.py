"""Looks at the due contacts of a run: qualify, map, check, compare; what is left is to be sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from leadferry.core.change import Change, Look
from leadferry.core.contact import external_id
from leadferry.core.lead import fingerprint
from leadferry.core.outcome import Invalid, Reason
from leadferry.core.plan import NOTHING_TO_SEND, Decision, decide
from leadferry.core.state import State
from leadferry.engine.orders import Order
from leadferry.ledger.storage import due
from leadferry.ledger.storage.due import HEAD_WIDTH

PAGE = 2000
"""Contacts read at once; what a run holds in memory is bounded by it."""

Row = Sequence[Any]


@dataclass(kw_only=True)
class Looks:
    """What a survey found that costs no call, until it is recorded; and what it counted."""

    looks: list[Look] = field(default_factory=list)
    invalid: list[tuple[Change, Reason]] = field(default_factory=list)
    eligible: int = 0
    unchanged: int = 0

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
    order: Order, looks: Looks, *, now: int, settle: Callable[[], None], page_size: int = PAGE
) -> Iterator[Change]:
    """Changes to send, best score first; what needs no call goes to `looks`, and `settle` writes it down.

    `now`: epoch seconds; contacts that wait for a later try are left out.
    """
    for page in due.pages(order.site.pk, order.mapping.columns, now=now, size=page_size):
        yield from surveyed(page, order, looks)
        settle()


def surveyed(page: Sequence[Row], order: Order, looks: Looks) -> Iterator[Change]:
    """The changes of one page of rows (`due.HEAD`, then the mapped columns)."""
    apply, admits, keep_updated = order.mapping.apply, order.threshold.admits, order.keep_updated
    serialize = serializer(order)
    for row in page:
        contact_id, score, version, causes, state, lead_id, known, tries, tried_in, _, key, anonymous = row[
            :HEAD_WIDTH
        ]
        decision = decide(
            state or 0,
            lead_exists=bool(lead_id),
            causes=causes,
            qualifies=admits(score, anonymous),
            keep_updated=keep_updated,
        )
        if decision in NOTHING_TO_SEND:
            looks.looks.append(Look(contact_id, version, None))
            continue
        fields = apply(row[HEAD_WIDTH:], score)
        if type(fields) is Invalid:
            change = Change(contact_id, version, key, b"", b"", 0, 0)
            _note_invalid(looks, change, fields, kept=decision is not Decision.NOT_KEPT)
            continue
        body, print_ = serialize(key, fields, bool(lead_id))
        # After a lost answer nobody knows what the lead holds, so the values delivered last prove nothing.
        if known is not None and print_ == bytes(known) and state != State.RETRYING:
            looks.eligible += 1
            looks.unchanged += 1
            looks.looks.append(Look(contact_id, version, State.REPLICATED))
        elif decision is Decision.NOT_KEPT:
            looks.looks.append(Look(contact_id, version, State.OUTDATED))
        else:
            looks.eligible += 1
            yield Change(contact_id, version, key, body, print_, tries or 0, tried_in or 0)


def _note_invalid(looks: Looks, change: Change, fields: Invalid, *, kept: bool) -> None:
    """A contact whose update is not wanted is not in anybody's way, however wrong its values are."""
    if kept:
        looks.eligible += 1
        looks.invalid.append((change, fields.reason))
    else:
        looks.looks.append(Look(change.contact_id, change.version, State.OUTDATED))


def serializer(order: Order) -> Callable[[str, dict[str, Any], bool], tuple[bytes, bytes]]:
    """What makes the row that goes over the wire, and its fingerprint, of a key and its lead's fields.

    The fields are serialized once: the row is put together from the bytes that are fingerprinted.
    """
    mapping, code = order.mapping, order.site.code
    head = b'{"attributes":{"type":"Lead"},"' + order.external_id_field.encode() + b'":"'
    dumps = orjson.dumps

    def serialize(key: str, fields: dict[str, Any], known: bool) -> tuple[bytes, bytes]:
        body = dumps(fields)
        print_ = fingerprint(body)
        if not mapping.same_for_update:
            body = dumps(mapping.for_update(fields) if known else mapping.for_create(fields))
        tail = b'",' + body[1:] if len(body) > 2 else b'"}'
        return head + external_id(code, key).encode() + tail, print_

    return serialize
