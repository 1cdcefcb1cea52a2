"""Single values of a rule as they stand in the configuration; None for what is not allowed."""

import re
import unicodedata
from datetime import UTC, date, datetime

from leadferry.scoring.rules import Single, Window

MAX_POINTS = 1_000_000
MAX_TEXT = 1_000
MAX_VALUES = 200

POINTS = f"a whole number from -{MAX_POINTS} to {MAX_POINTS}"
TEXT = f"text of 1 to {MAX_TEXT} characters"
WINDOW = "a number of days, weeks, months or years such as 90d, 4w, 6m or 1y, at most 100 years"
DATE = "a date such as 2026-12-31"
NUMBER = "a number"

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_WINDOW = re.compile(r"([1-9][0-9]{0,4})([dwmy])")
_LONGEST = {"d": 36_500, "w": 5_200, "m": 1_200, "y": 100}


def points(raw: object) -> int | None:
    """Points of a rule."""
    return raw if type(raw) is int and abs(raw) <= MAX_POINTS else None


def text(raw: object) -> str | None:
    """Text that is not empty, without blanks around it; in Unicode form C, as the fields of contacts are."""
    found = part(raw)
    return found.strip() if found else None


def part(raw: object) -> str | None:
    """Text to look for in another, in which blanks around it count."""
    if not isinstance(raw, str) or not raw.strip() or len(raw) > MAX_TEXT or "\x00" in raw:
        return None
    return unicodedata.normalize("NFC", raw)


def boolean(raw: object) -> bool | None:
    """True or false."""
    return raw if isinstance(raw, bool) else None


def window(raw: object) -> Window | None:
    """How long an activity counts."""
    found = _WINDOW.fullmatch(raw) if isinstance(raw, str) else None
    if found is None or int(found[1]) > _LONGEST[found[2]]:
        return None
    return Window(int(found[1]), found[2])


def day(raw: object) -> date | None:
    """A day without a time."""
    if isinstance(raw, datetime):
        return None
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def moment(raw: object) -> date | datetime | None:
    """A day, or an instant in UTC."""
    if not isinstance(raw, datetime):
        as_day = day(raw)
        if as_day or not isinstance(raw, str):
            return as_day
        try:
            raw = datetime.fromisoformat(raw)
        except ValueError:
            return None
    return raw.astimezone(UTC) if raw.tzinfo else raw.replace(tzinfo=UTC)


def number(raw: object) -> int | float | None:
    """A finite number."""
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not -1e15 <= raw <= 1e15:
        return None
    return raw


def numeric(raw: str) -> float | None:
    """The number that a text is, where it is one; the same on every database."""
    return float(raw) if _NUMBER.fullmatch(raw) else None


def measure(raw: object) -> float | date | None:
    """What greater and less compare a text with: a number or a day."""
    as_number = numeric(raw) if isinstance(raw, str) else number(raw)
    return day(raw) if as_number is None else float(as_number)


def like(raw: object) -> Single | None:
    """What a text field can equal: text, a number or a boolean."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, date):
        return raw.isoformat()
    as_number = number(raw)
    return text(raw) if as_number is None else float(as_number)
