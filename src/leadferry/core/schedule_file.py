"""A schedule in the shape of the configuration file (interface description, section 2, site.schedule)."""

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from leadferry.core.schedule import DAYS, HOURLY, ONCE, Period, Schedule

_EVERY = re.compile(r"([1-9][0-9]{0,6})(s|m|h|d|w|mo)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LONGEST_SECONDS = 366 * 86_400
_LONGEST_MONTHS = 120
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_KEYS = ("every", "cron", "between", "days", "timezone", "enabled")


class BadSchedule(ValueError):
    """A schedule that cannot be used: `path` is the key, `allowed` says what may stand there."""

    def __init__(self, path: str, allowed: str) -> None:
        super().__init__(f"{path}: allowed is {allowed}")
        self.path = path
        self.allowed = allowed


def parse_every(raw: object, *, path: str = "every") -> Period:
    """The period written as 30s, 15m, 1h, 1d, 1w, 1mo, or `once`. Raises `BadSchedule`."""
    match = _EVERY.fullmatch(raw) if isinstance(raw, str) else None
    if raw == "once":
        return ONCE
    if match and match[2] == "mo" and int(match[1]) <= _LONGEST_MONTHS:
        return Period(months=int(match[1]))
    if match and match[2] != "mo" and int(match[1]) * _SECONDS[match[2]] <= _LONGEST_SECONDS:
        return Period(seconds=int(match[1]) * _SECONDS[match[2]])
    raise BadSchedule(
        path, "a number and s, m, h, d, w or mo, such as 30s, 15m, 1h; up to a year, or 120mo; or once"
    )


def every_text(period: Period) -> str:
    """The shortest way to write a period that `parse_every` reads."""
    if period == ONCE:
        return "once"
    if period.months:
        return f"{period.months}mo"
    unit = max((unit for unit in _SECONDS if period.seconds % _SECONDS[unit] == 0), key=_SECONDS.__getitem__)
    return f"{period.seconds // _SECONDS[unit]}{unit}"


def parse_schedule(
    raw: object, *, path: str = "schedule", cron_fault: Callable[[str], str | None] | None = None
) -> Schedule:
    """The schedule written as a table; what is missing keeps its default: every hour, always, in UTC.

    `cron_fault` gives what is wrong with a cron expression, or None. Raises `BadSchedule`.
    """
    if not isinstance(raw, Mapping):
        raise BadSchedule(path, "a table with " + ", ".join(_KEYS))
    for key in raw:
        if key not in _KEYS:
            raise BadSchedule(f"{path}.{key}", " or ".join(_KEYS))
    if "every" in raw and "cron" in raw:
        raise BadSchedule(f"{path}.cron", "either every or cron, not both")
    cron = _cron(raw["cron"], f"{path}.cron", cron_fault) if "cron" in raw else None
    return Schedule(
        every=None if cron else parse_every(raw.get("every", every_text(HOURLY)), path=f"{path}.every"),
        cron=cron,
        between=_between(raw["between"], f"{path}.between") if "between" in raw else None,
        days=_days(raw.get("days", DAYS), f"{path}.days"),
        timezone=_timezone(raw.get("timezone", "UTC"), f"{path}.timezone"),
        enabled=_enabled(raw.get("enabled", True), f"{path}.enabled"),
    )


def schedule_to_dict(schedule: Schedule) -> dict[str, Any]:
    """The shape `parse_schedule` reads, without what is as by default; `start` is no part of it."""
    table: dict[str, Any] = {}
    if schedule.cron is not None:
        table["cron"] = schedule.cron
    elif schedule.every is not None:
        table["every"] = every_text(schedule.every)
    if schedule.between:
        table["between"] = [moment.strftime("%H:%M") for moment in schedule.between]
    if len(schedule.days) < len(DAYS):
        table["days"] = [name for number, name in enumerate(DAYS) if number in schedule.days]
    return table | {"timezone": schedule.timezone, "enabled": schedule.enabled}


def _cron(raw: object, path: str, cron_fault: Callable[[str], str | None] | None) -> str:
    if not isinstance(raw, str) or len(raw.split()) != 5:
        raise BadSchedule(path, "five fields: minute, hour, day, month, weekday, such as 0 * * * *")
    fault = cron_fault(raw) if cron_fault else None
    if fault:
        raise BadSchedule(path, f"a valid cron expression; {fault}")
    return " ".join(raw.split())


def _between(raw: object, path: str) -> tuple[time, time]:
    clocks = list(raw) if isinstance(raw, list | tuple) else []
    if len(clocks) != 2 or not all(isinstance(each, str) and _CLOCK.fullmatch(each) for each in clocks):
        raise BadSchedule(path, 'two times of day, such as ["06:00", "22:00"]')
    if clocks[0] == clocks[1]:
        raise BadSchedule(path, "two different times of day")
    return time.fromisoformat(clocks[0]), time.fromisoformat(clocks[1])


def _days(raw: object, path: str) -> frozenset[int]:
    names = list(raw) if isinstance(raw, list | tuple) else []
    if not names or any(name not in DAYS for name in names):
        raise BadSchedule(path, "at least one of " + ", ".join(DAYS))
    return frozenset(DAYS.index(name) for name in names)


def _timezone(raw: object, path: str) -> str:
    try:
        return ZoneInfo(raw).key if isinstance(raw, str) else ZoneInfo("").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSchedule(path, "a time zone such as Europe/Prague") from None


def _enabled(raw: object, path: str) -> bool:
    if isinstance(raw, bool):
        return raw
    raise BadSchedule(path, "true or false")
