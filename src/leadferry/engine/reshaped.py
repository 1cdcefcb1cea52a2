"""Leads that were delivered before the mapping was edited, and hold what it makes of their contact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from leadferry.core.outcome import Invalid
from leadferry.core.plan import alters
from leadferry.engine.orders import Order
from leadferry.engine.wire_rows import serializer
from leadferry.ledger.storage import census

Row = Sequence[Any]


def columns(order: Order) -> list[str]:
    """What `holder` looks at: the columns of the mapping before, then those of the mapping now."""
    return [*(order.before.columns if order.before else ()), *order.mapping.columns]


def holder(order: Order) -> Callable[[Row, int, bytes | None], bytes | None]:
    """What tells of a contact's `columns`, its points and its lead's fingerprint whether the lead holds all.

    It gives the fingerprint of what the mapping makes now. None: the lead would be altered, or its contact
    has changed too. Source: interface description, section 4, rule 3.
    """
    before, now = order.before, order.mapping
    if before is None:
        return lambda row, points, known: None
    width, print_now = len(before.columns), serializer(order)
    print_before = serializer(replace(order, mapping=before, before=None))

    def held(row: Row, points: int, known: bytes | None) -> bytes | None:
        was, wanted = before.apply(row, points), now.apply(row[width:], points)
        if isinstance(was, Invalid) or isinstance(wanted, Invalid):
            return None
        if print_before("", was, True)[1] != known or alters(before.for_update(was), now.for_update(wanted)):
            return None
        return print_now("", wanted, True)[1]

    return held


def still_held(order: Order, known: Mapping[int, bytes | None]) -> dict[int, bytes]:
    """Of contacts and their leads' fingerprints those whose lead holds all, with the fingerprint now."""
    if order.before is None or not known:
        return {}
    held = holder(order)
    rows = census.rows(list(known), columns(order), order.threshold.score_name)
    found = {contact_id: held(row, points, known[contact_id]) for contact_id, points, *row in rows}
    return {contact_id: print_ for contact_id, print_ in found.items() if print_ is not None}
