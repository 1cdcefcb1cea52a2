"""What a rule of a score says. Values only; `parsing` makes them, `compiled` turns them into SQL."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple


class Operator(StrEnum):
    """How an attribute rule compares its field with its value."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    IS_EMPTY = "is_empty"
    NOT_EMPTY = "not_empty"
    GREATER = "greater"
    LESS = "less"
    IN = "in"


Single = str | bool | int | float | date | datetime


class Window(NamedTuple):
    """How long an activity counts: an amount of days (d), weeks (w), months (m) or years (y)."""

    amount: int
    unit: str

    def cutoff(self, now: datetime) -> datetime:
        """The instant after which an activity has happened to count at `now`.

        Months and years are those of the calendar. A day that the earlier month does not have stands for
        the end of that month, so that the cutoff never moves backwards as time passes.
        """
        if self.unit in "dw":
            return now - timedelta(days=self.amount * (7 if self.unit == "w" else 1))
        months = now.year * 12 + now.month - 1 - self.amount * (12 if self.unit == "y" else 1)
        try:
            return now.replace(year=months // 12, month=months % 12 + 1)
        except ValueError:
            following = months + 1
            return datetime(following // 12, following % 12 + 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributeRule:
    """Points, once, for a contact whose field compares so with the value (several only for `in`)."""

    name: str
    points: int
    attribute: str
    operator: Operator
    values: tuple[Single, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityRule:
    """Points for each matching activity, at most `max_points` in all; once when it is not recurring."""

    name: str
    points: int
    activity: str
    url_contains: str = ""
    title_contains: str = ""
    value_equals: str = ""
    recurring: bool = True
    max_points: int | None = None
    valid_for: Window | None = None
    until: date | None = None

    def ended(self, now: datetime) -> bool:
        """Whether the last day of the rule (in UTC) is over."""
        return self.until is not None and now >= end_of(self.until)


Rule = AttributeRule | ActivityRule


def start_of(day: date) -> datetime:
    """The first instant of the day in UTC."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def end_of(day: date) -> datetime:
    """The first instant after the day in UTC."""
    return start_of(day) + timedelta(days=1)
