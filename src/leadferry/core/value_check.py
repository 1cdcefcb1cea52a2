"""One value against one lead field: what the org would refuse, in its own codes and words."""

import re
from collections.abc import Iterable, Sequence

from leadferry.core.convert import Json
from leadferry.core.describe import NUMBER_TYPES, LeadField
from leadferry.core.outcome import Invalid, Reason

# Local part after Salesforce's help article on valid e-mail addresses: ASCII atoms and dots, no dot first.
# Domain: labels of 1 to 63 letters, digits and hyphens, at least two of them. In doubt an address passes:
# what Salesforce refuses comes back with its reason, what is held back here is never tried.
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]*"
_LABEL = r"[A-Za-z0-9-]{1,63}"
EMAIL = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL})+")
_RECORD_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_SHOWN = 80

# The order in which Salesforce looks at a record: what it can read, what is missing, then the rest.
_FIRST_CODES = ("TEMPLATE_ERROR", "INVALID_TYPE_ON_FIELD_IN_RECORD", "REQUIRED_FIELD_MISSING")


def problem(field: LeadField, value: Json) -> Reason | None:
    """Why the org would refuse this value of the field's own type; None when it passes, and for no value."""
    if value is None:
        return None
    if isinstance(value, str):
        return _text_problem(field, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number_problem(field, value)
    return None


def _text_problem(field: LeadField, value: str) -> Reason | None:
    if field.length and field.is_text and len(value) > field.length:
        what = f"data value too large: {_shown(value)} (max length={field.length})"
        return _reason("STRING_TOO_LONG", field, what)
    if field.type == "email" and not EMAIL.fullmatch(value):
        return _reason("INVALID_EMAIL_ADDRESS", field, f"invalid email address: {_shown(value)}")
    if field.type == "reference" and not _RECORD_ID.fullmatch(value):
        return _reason("MALFORMED_ID", field, f"id value of incorrect type: {_shown(value)}")
    if not in_picklist(field, value):
        what = f"bad value for restricted picklist field: {_shown(value)}"
        return _reason("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", field, what)
    return None


def in_picklist(field: LeadField, value: str) -> bool:
    """Whether a restricted picklist has the value, or each value joined by ";" where several may be chosen.

    Salesforce takes any text in a picklist that is not restricted.
    """
    if not field.restricted_picklist or not field.choices:
        return True
    chosen = value.split(";") if field.type == "multipicklist" else [value]
    return field.choices.issuperset(chosen)


def _number_problem(field: LeadField, value: float) -> Reason | None:
    # int counts its digits; the others count all digits (precision) and those behind the point (scale).
    whole = field.digits if field.type in ("int", "long") else field.precision - field.scale
    if field.type in NUMBER_TYPES and whole > 0 and abs(value) >= 10**whole:
        what = f"value outside of valid range on numeric field: {value}"
        return _reason("NUMBER_OUTSIDE_VALID_RANGE", field, what)
    return None


def wrong_type(field: LeadField, value: object) -> Reason:
    """The value cannot be read as the field's type."""
    return _reason(
        "INVALID_TYPE_ON_FIELD_IN_RECORD", field, f"value not of required type: {_shown(str(value))}"
    )


def missing(fields: Sequence[str]) -> Reason:
    """Required fields, by API name, without a value."""
    return Reason(
        code="REQUIRED_FIELD_MISSING",
        message=f"Required fields are missing: [{', '.join(fields)}]",
        fields=tuple(fields),
    )


def template_fault(field: LeadField, message: str) -> Reason:
    """The template of the field could not be worked out for this contact."""
    return _reason("TEMPLATE_ERROR", field, message)


def invalid(reasons: Iterable[Reason]) -> Invalid:
    """One answer for everything found wrong with a contact: the first reason speaks, all fields count."""
    ordered = sorted(reasons, key=_turn)
    fields = dict.fromkeys(name for reason in ordered for name in reason.fields)
    first = ordered[0]
    return Invalid(reason=Reason(code=first.code, message=first.message, fields=tuple(fields)))


def _turn(reason: Reason) -> int:
    return _FIRST_CODES.index(reason.code) if reason.code in _FIRST_CODES else len(_FIRST_CODES)


def _reason(code: str, field: LeadField, what: str) -> Reason:
    return Reason(code=code, message=f"{field.title}: {what}", fields=(field.name,))


def _shown(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
