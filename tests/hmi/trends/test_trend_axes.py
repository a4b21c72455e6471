"""Marks of the time axis on days of every length, and scales of values."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from hmi.trends.scale import Scale, fitted_scale, fixed_scale, grid
from hmi.trends.time_axis import cursor_text, time_marks
from plant_models.tag import Tag

LONDON = ZoneInfo("Europe/London")


def _us(*date: int) -> int:
    return round(datetime(*date, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type, misc]


def _texts(start: int, end: int, most: int = 10, zone: ZoneInfo = LONDON) -> list[str]:
    return [mark.text for mark in time_marks(start, end, most, zone)]


def test_an_hour_is_marked_every_ten_minutes() -> None:
    start = _us(2026, 1, 10, 12, 3)
    assert _texts(start, start + 3600 * 10**6, 6) == ["12:10", "12:20", "12:30", "12:40", "12:50", "13:00"]


def test_short_windows_show_seconds() -> None:
    start = _us(2026, 1, 10, 12, 0, 3)
    assert _texts(start, start + 20 * 10**6, 4) == ["12:00:05", "12:00:10", "12:00:15", "12:00:20"]


def test_times_are_those_of_the_plant_and_midnight_is_a_date() -> None:
    texts = _texts(_us(2026, 7, 1, 20), _us(2026, 7, 2, 1), 6)
    assert texts == ["21:00", "22:00", "23:00", "2026-07-02", "01:00", "02:00"]


def test_the_hour_that_occurs_twice_has_two_marks_that_name_their_zone() -> None:
    texts = _texts(_us(2026, 10, 24, 23, 30), _us(2026, 10, 25, 3, 30), 6)
    assert texts == ["01:00 BST", "01:00 GMT", "02:00", "03:00"]


def test_the_hour_that_is_left_out_in_spring_has_no_mark() -> None:
    assert _texts(_us(2026, 3, 28, 23, 30), _us(2026, 3, 29, 3, 30), 6) == ["2026-03-29", "02:00", "03:00", "04:00"]


def test_days_are_marked_at_local_midnight_across_the_change_of_clocks() -> None:
    marks = time_marks(_us(2026, 10, 23, 12), _us(2026, 10, 27, 12), 6, LONDON)
    assert [mark.text for mark in marks] == ["24.10.", "25.10.", "26.10.", "27.10."]
    assert marks[2].at_us - marks[1].at_us == 25 * 3600 * 10**6


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "UTC"])
def test_zones_with_odd_offsets_have_round_local_times(zone: str) -> None:
    texts = _texts(_us(2026, 6, 1, 3, 7), _us(2026, 6, 1, 15, 7), 12, ZoneInfo(zone))
    assert len(texts) >= 11
    assert all(text.endswith(":00") or text == "2026-06-02" for text in texts)


def test_there_are_about_as_many_marks_as_wanted() -> None:
    start = _us(2026, 1, 1)
    for span_s in (10, 600, 3600, 8 * 3600, 86_400, 7 * 86_400, 400 * 86_400):
        assert 2 <= len(time_marks(start, start + span_s * 10**6, 10, LONDON)) <= 13


def test_the_scale_of_a_tag_is_its_range() -> None:
    assert fixed_scale(Tag(name="A", low=0, high=500)) == Scale(0, 500)
    assert fixed_scale(Tag(name="A", low=0)) is None
    assert fixed_scale(Tag(name="A", low=5, high=5)) is None


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 1.0), (61.3, 61.9), (-5.0, 3.0), (7.0, 7.0), (0.0, 0.0), (1e9, 1e9 + 3), (99.9, 100.1)]
)
def test_a_fitted_scale_holds_the_values_and_is_round(low: float, high: float) -> None:
    scale = fitted_scale(low, high)
    assert scale.low <= low <= high <= scale.high
    assert scale.high > scale.low
    step = (scale.high - scale.low) / 5
    assert math.isclose(scale.low / step, round(scale.low / step), abs_tol=1e-6)


def test_without_any_value_there_is_still_a_scale() -> None:
    assert fitted_scale(math.nan, math.nan) == Scale(0.0, 1.0)


def test_a_value_and_its_height_belong_together() -> None:
    scale = Scale(-20, 160)
    assert scale.fraction(np.array([70.0]))[0] == pytest.approx(0.5)
    assert scale.value(0.5) == pytest.approx(70)


def test_the_numbers_of_an_axis_have_as_many_decimals_as_they_need() -> None:
    assert Scale(0, 500).decimals(0.2) == 0
    assert Scale(0, 10).decimals(0.05) == 1
    assert Scale(0, 1).decimals(0.2) == 1
    assert Scale(0, 1 / 3).decimals(0.2) == 6


def test_all_axes_share_five_parts_and_finer_ones_when_zoomed() -> None:
    assert grid(0.0, 1.0)[1] == pytest.approx((0, 0.2, 0.4, 0.6, 0.8, 1.0))
    step, lines = grid(0.41, 0.52)
    assert step == pytest.approx(0.025)
    assert lines == pytest.approx((0.425, 0.45, 0.475, 0.5))


def test_a_year_is_marked_at_the_beginnings_of_its_months() -> None:
    marks = time_marks(_us(2025, 11, 29), _us(2026, 11, 29), 12, LONDON)
    assert [mark.text for mark in marks[:3]] == ["2025-12", "2026-01", "2026-02"]
    assert len(marks) == 12
    assert all(mark.is_day for mark in marks)
    summer = next(mark for mark in marks if mark.text == "2026-07")
    assert summer.at_us == _us(2026, 6, 30, 23)  # 00:00 BST


def test_a_day_without_midnight_is_marked_where_it_begins() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # 00:00 became 01:00 on 29 March 2026
    marks = time_marks(_us(2026, 3, 27), _us(2026, 3, 31), 4, beirut)
    assert [mark.text for mark in marks] == ["27.03.", "28.03.", "29.03.", "30.03.", "31.03."][-len(marks) :]
    begin = next(mark for mark in marks if mark.text == "29.03.")
    assert begin.at_us == _us(2026, 3, 28, 22)


def test_two_cursors_at_half_past_one_on_either_side_of_the_change_are_told_apart() -> None:
    first, second = _us(2026, 10, 25, 0, 30), _us(2026, 10, 25, 1, 30)
    hour_us = 3600 * 10**6
    assert cursor_text(first, hour_us, LONDON) == "01:30:00 BST"
    assert cursor_text(second, hour_us, LONDON) == "01:30:00 GMT"
    assert cursor_text(second + hour_us, 30 * 24 * hour_us, LONDON) == "2026-10-25 02:30:00"
