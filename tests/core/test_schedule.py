"""When a task runs next."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadferry.core.schedule import ONCE, Period, Schedule, next_planned
from leadferry.core.schedule_file import (
    BadSchedule,
    every_text,
    parse_every,
    parse_schedule,
    schedule_to_dict,
)

PRAGUE = ZoneInfo("Europe/Prague")
HOUR = Period(seconds=3_600)
DAY = Period(seconds=86_400)
OFFICE = {"between": (time(6), time(22)), "days": frozenset(range(5))}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PRAGUE)


def planned(schedule: Schedule, after: str, **known):
    found = next_planned(schedule, at(after), **known)
    return found and found.astimezone(PRAGUE).strftime("%Y-%m-%d %H:%M")


def in_prague(**known) -> Schedule:
    return Schedule(timezone="Europe/Prague", **known)


def top_of_the_hour(expression: str, after: datetime) -> datetime:
    assert expression == "0 * * * *"
    whole = after.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return whole.astimezone(after.tzinfo)


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        (in_prague(), "2026-11-23 10:17", "2026-11-23 11:17"),
        (in_prague(every=DAY), "2026-03-28 06:00", "2026-03-29 06:00"),
        (in_prague(every=DAY), "2026-10-24 06:00", "2026-10-25 06:00"),
        (in_prague(every=DAY), "2026-03-28 02:30", "2026-03-29 03:30"),
        (in_prague(every=HOUR), "2026-03-29 01:30", "2026-03-29 03:30"),
        (in_prague(every=Period(seconds=604_800)), "2026-03-23 06:00", "2026-03-30 06:00"),
        (in_prague(every=Period(months=1)), "2026-01-31 06:00", "2026-02-28 06:00"),
        (in_prague(every=Period(months=3)), "2026-11-30 06:00", "2027-02-28 06:00"),
        (in_prague(every=HOUR, **OFFICE), "2026-11-23 21:30", "2026-11-24 06:00"),
        (in_prague(every=HOUR, **OFFICE), "2026-11-27 21:30", "2026-11-30 06:00"),
        (in_prague(every=HOUR, days=frozenset({5})), "2026-11-23 21:30", "2026-11-28 00:00"),
        (in_prague(every=HOUR, between=(time(22), time(6))), "2026-11-23 05:30", "2026-11-23 22:00"),
        (in_prague(every=HOUR, between=(time(22), time(6))), "2026-11-23 23:30", "2026-11-24 00:30"),
        (in_prague(every=ONCE), "2026-11-23 10:17", None),
        (in_prague(every=ONCE, start=at("2026-12-01 08:00")), "2026-11-23 10:17", "2026-12-01 08:00"),
        (
            in_prague(every=Period(months=1), start=at("2026-01-31 06:00")),
            "2026-02-28 06:00",
            "2026-03-31 06:00",
        ),
    ],
)
def test_the_next_time_follows_from_the_planned_one(schedule, after, expected):
    assert planned(schedule, after) == expected


@pytest.mark.parametrize(
    ("every", "expected"),
    [(HOUR, "2026-11-26 09:17"), (DAY, "2026-11-26 10:17"), (Period(months=1), "2026-12-23 10:17")],
)
def test_turns_missed_while_nothing_ran_are_skipped(every, expected):
    now = at("2026-11-26 09:00")
    assert planned(in_prague(every=every), "2026-11-23 10:17", not_before=now) == expected


def test_cron_names_the_times_and_the_allowed_hours_bound_them():
    schedule = in_prague(every=None, cron="0 * * * *", **OFFICE)
    assert planned(schedule, "2026-11-23 10:17", cron_next=top_of_the_hour) == "2026-11-23 11:00"
    assert planned(schedule, "2026-11-27 21:00", cron_next=top_of_the_hour) == "2026-11-30 06:00"


def test_cron_needs_somebody_who_understands_it():
    with pytest.raises(ValueError, match="cron_next"):
        next_planned(in_prague(every=None, cron="0 * * * *"), at("2026-11-23 10:17"))


AROUND_DST = st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31)) | st.datetimes(
    datetime(2026, 10, 23), datetime(2026, 10, 27)
)


@settings(max_examples=100, deadline=None)
@given(
    AROUND_DST,
    st.sampled_from([Period(seconds=30), HOUR, Period(seconds=129_600), DAY, Period(months=1)]),
    st.sampled_from([None, (time(2), time(3)), (time(22), time(6))]),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 40),
)
def test_time_only_goes_forward_whatever_the_clocks_do(after, every, between, days, missed):
    schedule = in_prague(every=every, between=between, days=days)
    planned_at = after.replace(tzinfo=UTC)
    now = planned_at + timedelta(hours=missed)
    found = next_planned(schedule, planned_at, not_before=now)
    assert found is not None
    assert found > now
    following = next_planned(schedule, found)
    assert following is not None
    assert following > found


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("30s", Period(seconds=30)),
        ("15m", Period(seconds=900)),
        ("1h", HOUR),
        ("1d", DAY),
        ("1w", Period(seconds=604_800)),
        ("1mo", Period(months=1)),
        ("once", ONCE),
    ],
)
def test_a_period_is_read_and_written(text, period):
    assert parse_every(text) == period
    assert every_text(period) == text


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("1h", "schedule"),
        ({"evry": "1h"}, "schedule.evry"),
        ({"every": "0s"}, "schedule.every"),
        ({"every": "1y"}, "schedule.every"),
        ({"every": "367d"}, "schedule.every"),
        ({"every": "121mo"}, "schedule.every"),
        ({"every": 60}, "schedule.every"),
        ({"every": "1h", "cron": "0 * * * *"}, "schedule.cron"),
        ({"cron": "0 * * *"}, "schedule.cron"),
        ({"cron": "9 9 9 9 99"}, "schedule.cron"),
        ({"between": ["06:00"]}, "schedule.between"),
        ({"between": ["06:00", "24:00"]}, "schedule.between"),
        ({"between": ["06:00", "06:00"]}, "schedule.between"),
        ({"between": "06:00"}, "schedule.between"),
        ({"days": []}, "schedule.days"),
        ({"days": ["monday"]}, "schedule.days"),
        ({"days": [["mon"]]}, "schedule.days"),
        ({"timezone": "Mars/Olympus"}, "schedule.timezone"),
        ({"timezone": "../etc/passwd"}, "schedule.timezone"),
        ({"timezone": 5}, "schedule.timezone"),
        ({"enabled": "yes"}, "schedule.enabled"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_with_its_path(raw, path):
    with pytest.raises(BadSchedule) as refusal:
        parse_schedule(raw, cron_fault=lambda text: "no such weekday" if "99" in text else None)
    assert refusal.value.path == path
    assert refusal.value.allowed


@pytest.mark.parametrize(
    "raw",
    [
        {"every": "15m", "timezone": "UTC", "enabled": True},
        {"cron": "0 6 * * 1", "timezone": "Europe/Prague", "enabled": False},
        {
            "every": "1h",
            "between": ["06:00", "22:00"],
            "days": ["mon", "fri"],
            "timezone": "UTC",
            "enabled": True,
        },
    ],
)
def test_a_schedule_is_written_back_the_same(raw):
    assert schedule_to_dict(parse_schedule(raw)) == raw


def test_without_a_word_a_task_runs_every_hour():
    assert parse_schedule({}) == Schedule()
    assert Schedule().every == HOUR
