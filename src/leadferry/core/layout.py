"""The values of a lead laid out in one row, so that all of them are judged by a few calls, not one by one."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from leadferry.core.convert import BLANKS, Json, Misfit, as_text, converter
from leadferry.core.describe import NUMBER_TYPES, LeadField
from leadferry.core.outcome import Reason
from leadferry.core.rule import Scalar, TemplateFault
from leadferry.core.sight import NOBODY, Row, Sight, picker
from leadferry.core.slot import Slot
from leadferry.core.value_check import EMAIL, problem, template_fault, wrong_type


@dataclass(frozen=True, kw_only=True)
class Layout:
    """First the columns taken `as_is`, then the texts `made`, then the `typed` values, then the `fixed` ones.

    `limits` are the lengths of the texts; `names` the fields of the row, place by place; the other lists name
    places in it.
    """

    names: tuple[str, ...]
    as_is: Callable[[Row], tuple[str, ...]]
    made: tuple[Callable[[Sight], str], ...]
    typed: tuple[Callable[[Sight], Json], ...]
    fixed: tuple[Json, ...]
    limits: tuple[int, ...]
    fallbacks: tuple[tuple[int, str], ...]
    required: tuple[int, ...]
    checks: tuple[tuple[int, Callable[[Any], object]], ...]
    droppable: tuple[str, ...]


def laid_out(slots: Sequence[Slot]) -> Layout:
    """The layout of slots that are in canonical order."""
    fixed = [each for each in slots if _is_fixed(each)]
    free = [each for each in slots if each not in fixed]
    as_is = [
        each for each in free if each.column is not None and not problem(each.field, each.fallback or None)
    ]
    typed = [each for each in free if each.typed]
    made = [each for each in free if not each.typed and each not in as_is]
    laid = [*as_is, *made, *typed, *fixed]
    return Layout(
        names=tuple(each.field.name for each in laid),
        as_is=picker([each.column for each in as_is if each.column is not None]),
        made=tuple(_text_of(each) for each in made),
        typed=tuple(_json_of(each) for each in typed),
        fixed=tuple(value for each in fixed if not isinstance(value := _fixed(each), Reason)),
        limits=tuple(_limit(each.field) for each in (*as_is, *made)),
        fallbacks=tuple((place, each.fallback) for place, each in enumerate(as_is) if each.fallback),
        required=tuple(place for place, each in enumerate(laid) if each.field.required),
        checks=tuple(
            (place, accepts)
            for place, each in enumerate(laid[: len(free)])
            if (accepts := _acceptor(each.field)) is not None
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
    found = converter(slot.field)(value) if slot.column is None and value != "" else value
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
