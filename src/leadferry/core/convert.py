"""Values between three shapes: the contact's column, a plain scalar, and the JSON that a lead field takes."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from leadferry.core.contact import FieldKind
from leadferry.core.describe import NUMBER_TYPES, LeadField
from leadferry.core.rule import Scalar

Json = str | int | float | bool | None

# Apex String.trim, which Salesforce applies on save, takes away everything up to U+0020 and leaves U+00A0.
BLANKS = "".join(map(chr, range(33)))

_WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_LARGEST_EXACT = 2**53


class Misfit(Exception):
    """A value that is not of the lead field's type."""


def _date_text(stored: object) -> str:
    if isinstance(stored, datetime):
        return _utc(stored).date().isoformat()
    return stored.isoformat() if isinstance(stored, date) else str(stored or "")


def _datetime_text(stored: object) -> str:
    moment = _moment(stored) if isinstance(stored, str) and stored else stored
    return wire_datetime(moment) if isinstance(moment, datetime) else str(stored or "")


def _text(stored: object) -> str:
    return stored if isinstance(stored, str) else ""


def _whole(stored: object) -> int:
    return stored if isinstance(stored, int) else 0


READERS: Mapping[FieldKind, Callable[[object], Scalar]] = {
    FieldKind.TEXT: _text,
    FieldKind.EMAIL: _text,
    FieldKind.DATE: _date_text,
    FieldKind.DATETIME: _datetime_text,
    FieldKind.BOOLEAN: bool,
    FieldKind.INTEGER: _whole,
}
"""What a database gives for a column of each kind, as a scalar: times as ISO text in UTC, nothing as ""."""


def scalar(stored: object) -> Scalar:
    """A custom field's value as a scalar; nothing, or what is no scalar, as an empty text."""
    return stored if isinstance(stored, str | int | float) else ""


def as_text(value: Scalar) -> str:
    """A scalar as people write it: true and false, whole numbers without a point, blanks around it gone."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT:
        return str(int(value))
    return str(value).strip(BLANKS)


def wire_datetime(moment: datetime) -> str:
    """The moment as Salesforce takes it in JSON, in UTC to the millisecond (REST guide, date formats)."""
    return f"{_utc(moment).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _moment(text: str) -> datetime:
    try:
        return _utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        raise Misfit from None


def _boolean(value: Scalar) -> bool:
    word = as_text(value).lower()
    if word not in _WORDS:
        raise Misfit
    return _WORDS[word]


def _number(value: Scalar) -> float:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise Misfit from None
    if number - number != 0:
        raise Misfit
    return number


def _integer(value: Scalar) -> int:
    number = _number(value)
    if not number.is_integer():
        raise Misfit
    return int(value) if isinstance(value, int) else int(number)


def _date(value: Scalar) -> str:
    return _moment(as_text(value)).date().isoformat()


def _datetime(value: Scalar) -> str:
    return wire_datetime(_moment(as_text(value)))


_TO_TYPE: Mapping[str, Callable[[Scalar], Json]] = {
    "boolean": _boolean,
    "int": _integer,
    "long": _integer,
    "date": _date,
    "datetime": _datetime,
    **dict.fromkeys(NUMBER_TYPES - {"int", "long"}, _number),
}


def converter(field: LeadField) -> Callable[[Scalar], Json]:
    """What turns a scalar that is not empty into the field's JSON; it raises `Misfit`."""
    return _TO_TYPE.get(field.type, as_text)


def is_typed(field: LeadField) -> bool:
    """Whether the field takes something else than text."""
    return field.type in _TO_TYPE
