from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadferry.scoring.rules import Window
from leadferry.scoring.values import window

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)
WINDOWS = st.builds(Window, st.integers(1, 30), st.sampled_from("dwmy"))


@pytest.mark.parametrize(
    ("written", "now", "cutoff"),
    [
        ("90d", "2026-11-23T10:00", "2026-08-25T10:00"),
        ("4w", "2026-11-23T10:00", "2026-10-26T10:00"),
        ("6m", "2026-11-23T10:00", "2026-05-23T10:00"),
        ("11m", "2026-11-23T10:00", "2025-12-23T10:00"),
        ("1y", "2026-11-23T10:00", "2025-11-23T10:00"),
        ("1m", "2026-03-31T10:00", "2026-03-01T00:00"),
        ("1y", "2028-02-29T10:00", "2027-03-01T00:00"),
    ],
)
def test_a_window_reaches_back_by_the_calendar(written, now, cutoff) -> None:
    assert window(written).cutoff(_utc(now)) == _utc(cutoff)


@given(window=WINDOWS, now=INSTANTS, later=st.timedeltas(timedelta(0), timedelta(days=3)))
def test_a_cutoff_never_moves_backwards(window, now, later) -> None:
    assert window.cutoff(now) <= window.cutoff(now + later)


@pytest.mark.parametrize(
    "wrong", ["", "0d", "90", "d", "1.5d", "-1d", "90 d", "101y", "99999d", "1D", 90, None, True]
)
def test_what_is_no_window_is_refused(wrong) -> None:
    assert window(wrong) is None


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
