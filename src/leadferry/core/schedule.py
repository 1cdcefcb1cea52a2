"""The next planned time of a task: counted from the planned time, never from when the last run ended."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 86_400

CronNext = Callable[[str, datetime], datetime]
"""The first time after an aware time that a cron expression names, in that time's zone."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """How long from one turn to the next: seconds, or calendar months. Whole days keep the time of day."""

    seconds: int = 0
    months: int = 0


ONCE = Period()
HOURLY = Period(seconds=3_600)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a task runs: `every` period, or at the times of `cron`; in `timezone`.

    Turns fall on `days` (0 is Monday) and inside the half-open span `between`, which may reach over midnight
    and then belongs to the day it began on. Periods are counted from `start`, an aware time, if given.
    """

    every: Period | None = HOURLY
    cron: str | None = None
    between: tuple[time, time] | None = None
    days: frozenset[int] = frozenset(range(7))
    timezone: str = "UTC"
    enabled: bool = True
    start: datetime | None = None


def next_planned(
    schedule: Schedule,
    after: datetime,
    cron_next: CronNext | None = None,
    *,
    not_before: datetime | None = None,
) -> datetime | None:
    """The first planned time, in UTC, later than the planned time `after` and than `not_before`.

    `not_before` is now, for a task that missed turns: they are skipped, the rhythm stays. A turn outside the
    allowed hours is taken when they next open. None: no turn will come. Raises `ValueError` on cron without
    `cron_next`.
    """
    zone = ZoneInfo(schedule.timezone)
    floor = max(after.astimezone(UTC), (not_before or after).astimezone(UTC))
    if schedule.cron is not None:
        return _next_by_cron(schedule, floor.astimezone(zone), cron_next)
    candidate = _next_by_period(schedule, after.astimezone(zone), floor, zone)
    return candidate and _opening(schedule, candidate, zone)


def _next_by_period(schedule: Schedule, after: datetime, floor: datetime, zone: ZoneInfo) -> datetime | None:
    start = schedule.start
    if start is not None and start > floor:
        return start.astimezone(UTC)
    if schedule.every is None or schedule.every == ONCE:
        return None
    anchor = start.astimezone(zone) if start is not None else after
    steps = max(1, _steps_to(schedule.every, anchor, floor))
    # The guess may be a step short where months differ in length or the clocks were changed in between.
    while (candidate := _stepped(schedule.every, anchor, steps)) <= floor:
        steps += 1
    return candidate


def _steps_to(every: Period, anchor: datetime, floor: datetime) -> int:
    """About as many periods as lie between the two, rather too few."""
    if every.months:
        months = (floor.year - anchor.year) * 12 + floor.month - anchor.month
        return months // every.months - 1
    elapsed = (floor - anchor).total_seconds()
    return int((elapsed - _DAY) // every.seconds) if every.seconds >= _DAY else int(elapsed // every.seconds)


def _stepped(every: Period, anchor: datetime, steps: int) -> datetime:
    """`anchor`, a local time, and that many periods later, in UTC."""
    if every.months:
        return _months_later(anchor, every.months * steps).astimezone(UTC)
    if every.seconds % _DAY == 0:
        # Adding to a local time moves the hands of the clock, so that six o'clock stays six o'clock.
        return (anchor + timedelta(seconds=every.seconds * steps)).astimezone(UTC)
    return anchor.astimezone(UTC) + timedelta(seconds=every.seconds * steps)


def _months_later(anchor: datetime, months: int) -> datetime:
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    return anchor.replace(year=year, month=month + 1, day=min(anchor.day, monthrange(year, month + 1)[1]))


def _next_by_cron(schedule: Schedule, floor: datetime, cron_next: CronNext | None) -> datetime | None:
    if cron_next is None or schedule.cron is None:
        raise ValueError("a schedule with cron needs cron_next")
    # Each round leaps to an opening of the allowed hours; a year of days finds whatever can be found.
    for _ in range(366):
        # In UTC, because a local time that comes twice equals no time of another zone.
        candidate = cron_next(schedule.cron, floor).astimezone(UTC)
        opening = _opening(schedule, candidate, ZoneInfo(schedule.timezone))
        if opening is None or opening == candidate:
            return opening
        floor = (opening - timedelta(seconds=1)).astimezone(floor.tzinfo)
    return None


def _opening(schedule: Schedule, candidate: datetime, zone: ZoneInfo) -> datetime | None:
    """The candidate itself if it may run then, else when the allowed hours next open; both in UTC."""
    local = candidate.astimezone(zone)
    if _allowed(schedule, local):
        return candidate
    opens = schedule.between[0] if schedule.between else time.min
    for offset in range(9):
        day = local.date() + timedelta(days=offset)
        opening = datetime.combine(day, opens, zone).astimezone(UTC)
        if day.weekday() in schedule.days and opening >= candidate:
            return opening
    return None


def _allowed(schedule: Schedule, local: datetime) -> bool:
    if schedule.between is None:
        return _on_day(schedule, local.date())
    opens, closes = schedule.between
    clock = local.time()
    if opens < closes:
        return opens <= clock < closes and _on_day(schedule, local.date())
    late = clock >= opens and _on_day(schedule, local.date())
    return late or (clock < closes and _on_day(schedule, local.date() - timedelta(days=1)))


def _on_day(schedule: Schedule, day: date) -> bool:
    return day.weekday() in schedule.days
