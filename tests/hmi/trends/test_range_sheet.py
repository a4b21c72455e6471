"""From when to when: what can be typed, what is refused and how, and what the trend shows then."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hmi.numbers import local_time
from hmi.trends.range_sheet import RangeSheet, range_problem, time_of
from hmi.trends.view import SECOND_US
from tests.fakes.trends import HOUR_US, open_trend_desk

LONDON = ZoneInfo("Europe/London")
NOW_US = round(datetime(2026, 11, 28, 15, 0, tzinfo=UTC).timestamp()) * SECOND_US


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-07-01 12:00:05", datetime(2026, 7, 1, 11, 0, 5, tzinfo=UTC)),
        (" 2026-01-01 12:00 ", datetime(2026, 1, 1, 12, 0, tzinfo=UTC)),
        ("2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-10-25 01:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # it occurs twice: the first
    ],
)
def test_local_times_of_the_plant_can_be_typed(text: str, wanted: datetime) -> None:
    assert time_of(text, LONDON) == round(wanted.timestamp()) * SECOND_US


@pytest.mark.parametrize("text", ["", "yesterday", "28.11.2026 14:00", "2026-13-01", "2026-01-01 25:00"])
def test_what_is_no_time_is_not_guessed_at(text: str) -> None:
    assert time_of(text, ZoneInfo("Asia/Tokyo")) is None


@pytest.mark.parametrize(
    ("start_h", "end_h", "words"),
    [
        (-2.0, -1.0, ""),
        (-2.0, 5.0, ""),
        (1.0, 2.0, "The beginning lies in the future"),
        (-1.0, -2.0, "The end must be at least 10 s after the beginning"),
        (-1.0, -1.0, "The end must be at least 10 s after the beginning"),
        (-24.0 * 401, 0.0, "At most 400 days can be shown at once"),
    ],
)
def test_a_time_that_cannot_be_shown_is_refused_in_words(start_h: float, end_h: float, words: str) -> None:
    assert range_problem(NOW_US + round(start_h * HOUR_US), NOW_US + round(end_h * HOUR_US), NOW_US) == words


def test_the_trend_goes_to_the_typed_time(qtbot: QtBot) -> None:
    del qtbot
    with open_trend_desk() as (desk, page, now_us):
        page.toolbar.range_wanted.emit()
        sheet = desk.window.area.dialogs.sheet
        assert isinstance(sheet, RangeSheet)
        zone = desk.window.context.zone
        start_us = (now_us - 5 * HOUR_US) // SECOND_US * SECOND_US
        for field, at_us in ((sheet.start, start_us), (sheet.end, start_us + HOUR_US)):
            field.clear()
            QTest.keyClicks(field, f"{local_time(at_us, zone):%Y-%m-%d %H:%M:%S}")
        sheet.show_button.click()
        assert page.model.window == (start_us, start_us + HOUR_US)
        assert not page.model.view.is_live
        assert desk.window.area.dialogs.sheet is None


def test_while_a_time_is_unreadable_it_says_how_to_type_it_and_shows_nothing(qtbot: QtBot) -> None:
    sheet = RangeSheet((NOW_US - HOUR_US, NOW_US), NOW_US, LONDON)
    qtbot.addWidget(sheet)
    assert sheet.show_button.isEnabled()
    sheet.end.setText("soon")
    with qtbot.assertNotEmitted(sheet.chosen, wait=50):
        QTest.keyClick(sheet.end, Qt.Key.Key_Return)
    assert not sheet.show_button.isEnabled()
    assert "2026-11-28 15:00:00" in sheet.problem.text()
    sheet.end.setText("2026-11-28 14:30")
    with qtbot.waitSignal(sheet.chosen) as chosen:
        QTest.keyClick(sheet.end, Qt.Key.Key_Return)
    assert chosen.args == [NOW_US - HOUR_US, NOW_US - HOUR_US // 2]
