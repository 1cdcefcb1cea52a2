"""Leads that were delivered before the mapping was edited, and hold what it makes of their contact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from leadferry.core.mapping import CompiledMapping, Lead
from leadferry.core.outcome import Invalid
from leadferry.core.plan import alters
from leadferry.engine.orders import Order
from leadferry.engine.wire_rows import serializer
from leadferry.ledger.storage import census

Row = Sequence[Any]


def columns(order: Order) -> list[str]:
    """What `holder` looks at: the columns of each mapping before, then those of the mapping now."""
    return [name for mapping in (*order.before, order.mapping) for name in mapping.columns]


def width_before(order: Order) -> int:
    """How many of the `columns` are those of mappings before."""
    return sum(len(mapping.columns) for mapping in order.before)


def holder(order: Order) -> Callable[[Row, int, bytes | None], bytes | None]:
    """What tells of a contact's `columns`, its points and its lead's fingerprint whether the lead holds all.

    It gives the fingerprint of what the mapping makes now. None: the lead would be altered, or its contact
    has changed too. Source: interface description, section 4, rule 3.
    """
    print_now, now = serializer(order), order.mapping
    earlier = [(mapping, serializer(replace(order, mapping=mapping, before=()))) for mapping in order.before]

    def held(row: Row, points: int, known: bytes | None) -> bytes | None:
        wanted = now.apply(row[len(row) - len(now.columns) :], points)
        if isinstance(wanted, Invalid):
            return None
        for mapping, print_then in earlier:
            was, row = mapping.apply(row, points), row[len(mapping.columns) :]
            if not isinstance(was, Invalid) and print_then("", was, True)[1] == known:
                return None if _alters(mapping, was, now, wanted) else print_now("", wanted, True)[1]
        return None

    return held


def _alters(before: CompiledMapping, was: Lead, now: CompiledMapping, wanted: Lead) -> bool:
    return alters(before.for_update(was), now.for_update(wanted))


def still_held(order: Order, known: Mapping[int, bytes | None]) -> dict[int, bytes]:
    """Of contacts and their leads' fingerprints those whose lead holds all, with the fingerprint now."""
    if not (order.before and known):
        return {}
    held = holder(order)
    rows = census.rows(list(known), columns(order), order.threshold.score_name)
    found = {contact_id: held(row, points, known[contact_id]) for contact_id, points, *row in rows}
    return {contact_id: print_ for contact_id, print_ in found.items() if print_ is not None}
