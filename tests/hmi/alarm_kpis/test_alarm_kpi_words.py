"""How figures of the alarm system read, and which times a report is about."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alarms.kpi.figures import Figure, FigureKey, Verdict
from alarms.kpi.window import HOUR_US
from hmi.alarm_kpis.spans import queries
from hmi.alarm_kpis.words import change_of, span_text, target_text, title_of, value_text, wait_text
from plant_models.alarm_philosophy import KpiTargets


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        (FigureKey.PER_DAY, 12.34, "12.3"),
        (FigureKey.PER_DAY, 150.4, "150"),
        (FigureKey.BUSY_HOURS, 0.0, "0\u00a0%"),
        (FigureKey.BUSY_HOURS, 0.012, "1.2\u00a0%"),
        (FigureKey.TOP_SHARE, 0.58, "58\u00a0%"),
        (FigureKey.URGENT_ANSWER, 200.0, "3.3 min"),
        (FigureKey.URGENT_ANSWER, 68.0, "68 s"),
        (FigureKey.STALE, 3.0, "3"),
        (FigureKey.STALE, None, "—"),
    ],
)
def test_a_figure_reads_by_its_kind(key: FigureKey, value: float | None, text: str) -> None:
    assert value_text(key, value) == text


@pytest.mark.parametrize(
    ("key", "target", "text"),
    [
        (FigureKey.PER_DAY, 150.0, "≤ 150"),
        (FigureKey.PER_10_MIN, 1.0, "≤ 1"),
        (FigureKey.BUSY_HOURS, 0.01, "≤ 1\u00a0%"),
        (FigureKey.LOW_SHARE, 0.8, "≥ 80\u00a0%"),
        (FigureKey.STALE, 5.0, "< 5"),
        (FigureKey.CHATTERING, 0.0, "0"),
        (FigureKey.URGENT_ANSWER, 180.0, "≤ 3 min"),
    ],
)
def test_a_target_says_on_which_side_is_good(key: FigureKey, target: float, text: str) -> None:
    assert target_text(Figure(key, 1.0, target, target, Verdict.GOOD)) == text


def test_waits_are_fine_while_they_are_short() -> None:
    assert [wait_text(seconds) for seconds in (5.0, 119.0, 120.0, 595.0, 3600.0)] == [
        "5.0 s", "119 s", "2 min", "9.9 min", "60 min",
    ]  # fmt: skip


def _figure(value: float | None) -> Figure:
    return Figure(FigureKey.PER_DAY, value, 1.0, 1.0, Verdict.GOOD)


def test_what_reads_alike_did_not_change() -> None:
    assert [change_of(_figure(now), _figure(12.34)) for now in (12.30, 12.2, 13.0, None)] == [0, -1, 1, 0]
    assert change_of(_figure(1.0), None) == 0
    assert change_of(_figure(1.0), _figure(None)) == 0


def test_titles_have_the_numbers_of_the_site() -> None:
    assert title_of(FigureKey.BUSY_HOURS, KpiTargets(busy_hour=12)) == "Hours with more than 12"


def test_a_span_on_one_day_names_it_once() -> None:
    start_us = 1_796_000_000_000_000
    assert span_text(start_us, start_us + HOUR_US, UTC).count("2026") == 1
    assert span_text(start_us, start_us + 48 * HOUR_US, UTC).count("2026") == 2


def test_days_of_a_report_are_whole_days_of_the_site() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now_us = round(datetime(2026, 10, 27, 9, tzinfo=berlin).timestamp() * 1e6)
    present, before = queries("7 d", now_us, berlin, "all")
    assert datetime.fromtimestamp(present.start_us / 1e6, berlin).isoformat() == "2026-10-20T00:00:00+02:00"
    assert (before.end_us, present.end_us) == (present.start_us, now_us)
    assert datetime.fromtimestamp(before.start_us / 1e6, berlin).isoformat() == "2026-10-13T00:00:00+02:00"
    day, _ = queries("24 h", now_us, berlin, "all")
    assert day.end_us - day.start_us == 24 * HOUR_US
