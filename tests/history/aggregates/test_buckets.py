"""Edges of hours, days, weeks and months on the clocks of real zones."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.aggregates.buckets import HOUR_US, Period, buckets

BERLIN = ZoneInfo("Europe/Berlin")
SIX = time(6)


def us(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp()) * 1_000_000


def shown(edges: np.ndarray[tuple[int], np.dtype[np.int64]], zone: ZoneInfo = BERLIN) -> list[str]:
    return [datetime.fromtimestamp(edge / 1e6, zone).strftime("%Y-%m-%d %H:%M") for edge in edges.tolist()]


def hours(edges: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[float]:
    return (np.diff(edges) / HOUR_US).tolist()


def test_a_day_begins_at_its_own_time() -> None:
    edges = buckets(us("2026-05-10 05:59"), us("2026-05-11 06:00"), Period.DAY, BERLIN, SIX)
    assert shown(edges) == ["2026-05-09 06:00", "2026-05-10 06:00", "2026-05-11 06:00"]


@pytest.mark.parametrize(("day", "length"), [("2026-03-28", 23), ("2026-10-24", 25), ("2026-07-01", 24)])
def test_the_day_on_which_the_clock_is_moved(day: str, length: int) -> None:
    edges = buckets(us(f"{day} 12:00"), us(f"{day} 13:00"), Period.DAY, BERLIN, SIX)
    assert hours(edges) == [length]
    assert shown(edges)[0] == f"{day} 06:00"


def test_the_night_with_two_half_past_twos() -> None:
    first, second = us("2026-10-25 02:30"), us("2026-10-25 02:30", fold=1)
    assert second - first == HOUR_US
    edges = buckets(first, second, Period.HOUR, BERLIN)
    assert shown(edges) == ["2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 03:00"]
    assert hours(buckets(us("2026-10-25 00:00"), us("2026-10-26 00:00"), Period.HOUR, BERLIN)) == [1] * 25


def test_the_night_without_half_past_two() -> None:
    edges = buckets(us("2026-03-29 00:00"), us("2026-03-29 04:00"), Period.HOUR, BERLIN)
    assert [text[-5:] for text in shown(edges)] == ["00:00", "01:00", "03:00", "04:00"]


def test_a_day_that_begins_at_a_time_that_comes_twice_or_never() -> None:
    half_past_two = time(2, 30)
    autumn = buckets(us("2026-10-24 12:00"), us("2026-10-26 12:00"), Period.DAY, BERLIN, half_past_two)
    assert hours(autumn) == [24, 25, 24]
    spring = buckets(us("2026-03-28 12:00"), us("2026-03-30 12:00"), Period.DAY, BERLIN, half_past_two)
    assert [text[-5:] for text in shown(spring)] == ["02:30", "03:30", "02:30", "02:30"]


def test_weeks_and_months_across_the_year() -> None:
    weeks = buckets(us("2026-12-31 12:00"), us("2027-01-01 12:00"), Period.WEEK, BERLIN, SIX)
    assert shown(weeks) == ["2026-12-28 06:00", "2027-01-04 06:00"]
    months = buckets(us("2026-12-01 05:00"), us("2027-03-01 06:00"), Period.MONTH, BERLIN, SIX)
    assert [text[:7] for text in shown(months)] == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]


def test_a_leap_year_has_its_29th_of_february() -> None:
    months = buckets(us("2028-02-10 00:00"), us("2028-02-11 00:00"), Period.MONTH, BERLIN)
    assert hours(months) == [29 * 24]


def test_a_zone_whose_clock_is_moved_by_half_an_hour() -> None:
    island = ZoneInfo("Australia/Lord_Howe")
    edges = buckets(us("2026-04-05 00:00", island), us("2026-04-05 04:00", island), Period.HOUR, island)
    assert {text[-2:] for text in shown(edges, island)} == {"00"}
    assert hours(edges) == [1, 1.5, 1, 1]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1_600_000_000, 1_900_000_000),
    st.integers(1, 5_000_000),
    st.sampled_from(list(Period)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Beirut", "UTC", "Australia/Lord_Howe"]),
    st.sampled_from([time(0), SIX, time(2, 30)]),
)
def test_edges_rise_cover_the_span_and_stand_at_local_times(
    start_s: int, length_s: int, period: Period, name: str, day_starts: time
) -> None:
    zone, start, end = ZoneInfo(name), start_s * 1_000_000, (start_s + length_s) * 1_000_000
    edges = buckets(start, end, period, zone, day_starts)
    assert edges.dtype == np.int64
    assert (np.diff(edges) > 0).all()
    assert edges[0] <= start < edges[1]
    assert edges[-2] < end <= edges[-1]
    for left, right in pairwise(edges.tolist()):
        local = datetime.fromtimestamp(left / 1e6, UTC).astimezone(zone)
        if period is Period.HOUR:
            assert local.minute == 0
            assert right - left <= 1.5 * HOUR_US
        else:
            moved = local.replace(tzinfo=None) - timedelta(hours=day_starts.hour, minutes=day_starts.minute)
            assert moved.time() in (time(0), time(0, 30), time(1))  # later only where that time doesn't exist
        assert period is not Period.WEEK or local.weekday() == 0
        assert period is not Period.MONTH or local.day == 1


def test_a_span_that_is_empty() -> None:
    with pytest.raises(ValueError, match="the end must be later"):
        buckets(5, 5, Period.DAY, BERLIN)
