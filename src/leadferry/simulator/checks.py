"""Whether a value that was read fits its field: length, range, syntax, choice, id."""

import re
from collections.abc import Callable
from typing import Any

from leadferry.simulator.errors import RowError
from leadferry.simulator.ids import PREFIXES, canonical
from leadferry.simulator.schema import Field
from leadferry.simulator.shapes import Json

# Local part: ASCII letters, digits, atom punctuation and dots, no leading dot; domain: labels of 1-63, a dot.
_LOCAL = re.compile(r"(?!\.)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_YEARS = range(1700, 4001)


def check(field: Field, value: Json) -> RowError | None:
    """Why a value that was read does not fit the field; None when it does."""
    if value is None:
        return None
    if field.textual and field.type not in ("picklist", "multipicklist") and len(value) > field.length > 0:
        text = f"{field.label}: data value too large: {value} (max length={field.length})"
        return RowError(code="STRING_TOO_LONG", message=text, fields=(field.name,))
    checker = _CHECKERS.get(field.type)
    return checker(field, value) if checker else None


def _email(field: Field, value: str) -> RowError | None:
    local, _, domain = value.partition("@")
    if _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return None
    text = f"{field.label}: invalid email address: {value}"
    return RowError(code="INVALID_EMAIL_ADDRESS", message=text, fields=(field.name,))


def _picklist(field: Field, value: str) -> RowError | None:
    chosen = value.split(";") if field.type == "multipicklist" else [value]
    bad = [each for each in chosen if each not in field.values] if field.restricted else []
    if bad:
        text = f"{field.label}: bad value for restricted picklist field: {bad[0]}"
        return RowError(code="INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message=text, fields=(field.name,))
    if len(value) > (field.length or 255):
        text = f"{field.label}: data value too large: {value} (max length={field.length or 255})"
        return RowError(code="STRING_TOO_LONG", message=text, fields=(field.name,))
    return None


def _range(field: Field, value: float) -> RowError | None:
    whole = field.digits if field.type == "int" else field.precision - field.scale
    if whole <= 0 or abs(value) < 10**whole:
        return None
    text = f"{field.label}: value outside of valid range on numeric field: {value:.15g}"
    return RowError(code="NUMBER_OUTSIDE_VALID_RANGE", message=text, fields=(field.name,))


def _year(field: Field, value: str) -> RowError | None:
    if int(value[:4]) in _YEARS:
        return None
    text = f"{field.label}: invalid date: {value}"
    return RowError(code="FIELD_INTEGRITY_EXCEPTION", message=text, fields=(field.name,))


def _reference(field: Field, value: str) -> RowError | None:
    id_ = canonical(value)
    if id_ is None:
        text = f"{field.label}: id value of incorrect type: {value}"
        return RowError(code="MALFORMED_ID", message=text, fields=(field.name,))
    allowed = {PREFIXES[each] for each in field.refers_to if each in PREFIXES}
    if allowed and id_[:3] not in allowed:
        text = f"{field.label}: id value of incorrect type: {value}"
        return RowError(code="MALFORMED_ID", message=text, fields=(field.name,))
    return None


_CHECKERS: dict[str, Callable[[Field, Any], RowError | None]] = {
    "email": _email,
    "picklist": _picklist,
    "multipicklist": _picklist,
    "int": _range,
    "double": _range,
    "currency": _range,
    "percent": _range,
    "date": _year,
    "datetime": _year,
    "reference": _reference,
}
