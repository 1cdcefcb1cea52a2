"""What a field takes: JSON values read into stored ones.

Reading fails the whole request (`JSON_PARSER_ERROR`), checking fails the row: a bad date in one row of 200
costs all 200, an over-long name only its own row.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from leadferry.simulator.ids import canonical
from leadferry.simulator.schema import Field
from leadferry.simulator.shapes import Json

# Half of a surrogate pair, which JSON can spell and no text can hold.
_HALF = re.compile("[\ud800-\udfff]")
_BLANKS = " \t\r\n\f\v"


class UnreadableError(Exception):
    """A JSON value that is not of the field's type at all."""

    def __init__(self, type_: str, value: object) -> None:
        super().__init__(f"Cannot deserialize instance of {type_} from {_token(value)} value {_shown(value)}")
        self.value = value


def _token(value: object) -> str:
    if isinstance(value, bool):
        return f"VALUE_{str(value).upper()}"
    if isinstance(value, dict | list):
        return "START_OBJECT" if isinstance(value, dict) else "START_ARRAY"
    return {str: "VALUE_STRING", int: "VALUE_NUMBER_INT"}.get(type(value), "VALUE_NUMBER_FLOAT")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "{" if isinstance(value, dict) else "["
    return str(value)


def timestamp(moment: datetime) -> str:
    """An instant as Salesforce writes it: milliseconds, and an offset without colon."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def read(field: Field, value: object) -> Json:
    """A JSON value as it is stored; `""` and blanks are null, text loses its outer blanks.

    Raises UnreadableError when the value is not of the field's type.
    """
    if isinstance(value, str):
        value = value.strip(_BLANKS)
    if value is None or value == "":
        return None
    return _READERS.get(field.type, _text)(field, value)


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str) or _HALF.search(value):
        raise UnreadableError(field.type, ascii(value) if isinstance(value, str) else value)
    return value


def _id(field: Field, value: object) -> str:
    text = _text(field, value)
    return canonical(text) or text


def _boolean(field: Field, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise UnreadableError(field.type, value)


def _decimal(field: Field, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UnreadableError(field.type, value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise UnreadableError(field.type, value) from None
    if not number.is_finite():
        raise UnreadableError(field.type, value)
    return number


def _int(field: Field, value: object) -> int:
    number = _decimal(field, value)
    if number != number.to_integral_value():
        raise UnreadableError(field.type, value)
    return int(number)


def _number(field: Field, value: object) -> float:
    number = _decimal(field, value)
    if number.adjusted() > 30:
        return float(number)
    return float(number.quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP))


def _date(field: Field, value: object) -> str:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10] if "T" in value else value).isoformat()
        except ValueError:
            pass
    raise UnreadableError(field.type, value)


def moment(text: str) -> datetime:
    """The instant that an ISO 8601 text names; raises ValueError."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _datetime(field: Field, value: object) -> str:
    if isinstance(value, str):
        try:
            return timestamp(moment(value))
        except ValueError:
            pass
    raise UnreadableError(field.type, value)


_READERS: dict[str, Callable[[Field, object], Any]] = {
    "reference": _id,
    "boolean": _boolean,
    "int": _int,
    "double": _number,
    "currency": _number,
    "percent": _number,
    "date": _date,
    "datetime": _datetime,
}
