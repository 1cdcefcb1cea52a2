"""One slot of a mapping for one contact: the value for its lead field, or what the org has against it."""

from leadferry.core.convert import BLANKS, Json, Misfit, converter
from leadferry.core.outcome import Reason
from leadferry.core.rule import Scalar, TemplateFault
from leadferry.core.sight import Sight
from leadferry.core.slot import Slot
from leadferry.core.value_check import problem, template_fault, wrong_type


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
    found = value if slot.column or value == "" else converter(slot.field)(value)
    limit = slot.field.length if slot.field.is_text else 0
    if slot.truncate and isinstance(found, str) and 0 < limit < len(found):
        found = found[:limit].rstrip(BLANKS)
    return None if found == "" else found
