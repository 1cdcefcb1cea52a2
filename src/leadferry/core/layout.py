"""The values of a lead laid out in a row, place by place, so that many leads are judged column by column."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.core.convert import BLANKS, Json, Misfit, as_text, converter
from leadferry.core.describe import NUMBER_TYPES, LeadField
from leadferry.core.outcome import Reason
from leadferry.core.rule import Scalar, TemplateFault
from leadferry.core.sight import NOBODY, Sight
from leadferry.core.slot import Slot
from leadferry.core.value_check import EMAIL, problem, template_fault, wrong_type

Made = tuple[int, Callable[[Sight], Any]]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """`names` are the fields in their order; every other list speaks of places in it.

    `limits` are the lengths of the texts, which come out of a column as they are or are `made`; after them
    come the `typed` values and those that are `fixed`.
    """

    names: tuple[str, ...]
    made: tuple[Made, ...]
    typed: tuple[Made, ...]
    fixed: tuple[tuple[int, Json], ...]
    limits: tuple[tuple[int, int], ...]
    fallbacks: tuple[tuple[int, str], ...]
    required: tuple[int, ...]
    checks: tuple[tuple[int, Callable[[Any], object]], ...]
    droppable: tuple[str, ...]


def laid_out(slots: Sequence[Slot]) -> Layout:
    """The layout of slots that are in canonical order."""
    fixed = {place for place, each in enumerate(slots) if _is_fixed(each)}
    free = [(place, each) for place, each in enumerate(slots) if place not in fixed]
    texts = [(place, each) for place, each in free if not each.typed]
    return Layout(
        names=tuple(each.field.name for each in slots),
        made=tuple((place, _text_of(each)) for place, each in texts if not each.plain),
        typed=tuple((place, _json_of(each)) for place, each in free if each.typed),
        fixed=tuple(
            (place, value) for place in fixed if not isinstance(value := _fixed(slots[place]), Reason)
        ),
        limits=tuple((place, _limit(each.field)) for place, each in texts),
        fallbacks=tuple((place, each.fallback) for place, each in texts if each.plain and each.fallback),
        required=tuple(place for place, each in free if each.field.required),
        checks=tuple(
            (place, accepts) for place, each in free if (accepts := _acceptor(each.field)) is not None
        ),
        droppable=tuple(each.field.name for each in slots if each.droppable),
    )


def judged(slot: Slot, sight: Sight) -> Json | Reason:
    """What the slot gives for one contact, or why the org would refuse it; None is nothing."""
    try:
        value = slot.value(sight)
    except TemplateFault as fault:
        return template_fault(slot.field, str(fault))
    try:
        found = _converted(slot, value)
    except Misfit:
        return wrong_type(slot.field, value)
    return problem(slot.field, found) or found


def _converted(slot: Slot, value: Scalar) -> Json:
    found = value if slot.plain or value == "" else converter(slot.field)(value)
    if slot.truncate and isinstance(found, str) and len(found) > _limit(slot.field):
        found = found[: slot.field.length].rstrip(BLANKS)
    return None if found == "" else found


def _is_fixed(slot: Slot) -> bool:
    # What is fixed is judged once, here; what does not pass is left to be found wrong with each contact.
    value = _fixed(slot) if slot.fixed else Reason(code="")
    return not isinstance(value, Reason) and not (value is None and slot.field.required)


def _fixed(slot: Slot) -> Json | Reason:
    return judged(slot, NOBODY)


def _text_of(slot: Slot) -> Callable[[Sight], str]:
    return lambda sight: as_text(slot.value(sight))


def _json_of(slot: Slot) -> Callable[[Sight], Json]:
    return lambda sight: _converted(slot, slot.value(sight))


def _limit(field: LeadField) -> int:
    return field.length if field.length and field.is_text else sys.maxsize


def _acceptor(field: LeadField) -> Callable[[Any], object] | None:
    """What tells whether a value within its length passes; None when any does."""
    if field.type == "email":
        return EMAIL.fullmatch
    if field.restricted_picklist and field.choices and field.type != "multipicklist":
        return field.choices.__contains__
    if field.type in NUMBER_TYPES or field.type == "reference" or field.restricted_picklist:
        return lambda value: problem(field, value) is None
    return None
