"""The alarms above a trend: which, where, how the journal is asked, and what happens when it can't be read."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from database.errors import DatabaseError
from hmi.alarms.glyph import glyph_box
from hmi.trends.draw_marks import clusters
from hmi.trends.page import TrendPage
from hmi.trends.view import SECOND_US
from tests.fakes.alarms import alarm, journal
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, open_desk
from tests.fakes.trends import FLOW, HOUR_US

TRIP, VIBRATION, ELSEWHERE = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "LPS.P1.FLT.state"
Marked = tuple[Desk, TrendPage, ManualClock]


@pytest.fixture
def marked(qtbot: QtBot) -> Iterator[Marked]:
    """Give a trend of one flow over an hour: two alarms of its pump, one of another pump."""
    del qtbot
    clock = ManualClock()
    with open_desk(clock=clock) as desk:
        now_us = clock.wall_us()
        rows = [
            alarm(desk.station.plant, VIBRATION, active_us=now_us - 1800 * SECOND_US),
            alarm(desk.station.plant, ELSEWHERE, active_us=now_us - 900 * SECOND_US),
            alarm(desk.station.plant, TRIP, active_us=now_us - 60 * SECOND_US),
        ]
        desk.station.journal_rows = journal(rows)
        desk.window.open_trend((FLOW,))
        page = desk.window.area.trend_page
        assert page is not None
        desk.settle()
        _go_on(desk, clock)
        yield desk, page, clock


def _go_on(desk: Desk, clock: ManualClock) -> None:
    """Let two seconds pass and what was asked be answered."""
    for _ in range(4):
        clock.advance(0.5)
        desk.tick()
        desk.settle()


def _names(page: TrendPage) -> list[str]:
    return [mark.alarm for mark in page.model.marks.marks]


def test_the_alarms_of_the_equipment_are_marked_and_no_others(marked: Marked) -> None:
    _, page, _ = marked
    assert _names(page) == [VIBRATION, TRIP]


def test_a_mark_stands_over_its_time_and_says_what_it_was(marked: Marked) -> None:
    _, page, _ = marked
    first, last = clusters(page.model.marks.marks, page.canvas.frame)
    frame = page.canvas.frame
    assert first.box.center().x() == pytest.approx(frame.x_of(first.marks[0].at_us))
    assert last.box.bottom() <= frame.plot.top() + glyph_box(0)
    place = last.box.center().toPoint()
    page.canvas.event(QHelpEvent(QEvent.Type.ToolTip, place, page.canvas.mapToGlobal(place)))
    assert TRIP in QToolTip.text()
    assert "Pump tripped" in QToolTip.text()
    QToolTip.hideText()


def test_a_click_on_a_mark_puts_the_cursor_on_its_time(marked: Marked) -> None:
    _, page, _ = marked
    sign = clusters(page.model.marks.marks, page.canvas.frame)[0]
    QTest.mouseClick(
        page.canvas,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        (sign.box.center() + QPointF(4, 0)).toPoint(),
    )
    assert page.model.cursors[0] == sign.marks[0].at_us


def test_neighbours_share_one_sign_of_the_highest_priority(marked: Marked) -> None:
    _, page, _ = marked
    page.model.change(lambda view: view.with_span(30 * 24 * HOUR_US))
    (sign,) = clusters(page.model.marks.marks, page.canvas.frame)
    assert len(sign.marks) == 2
    assert sign.priority == min(mark.priority for mark in sign.marks)


def test_a_new_alarm_is_marked_once_it_is_in_the_journal(marked: Marked) -> None:
    desk, page, clock = marked
    raised = alarm(desk.station.plant, TRIP, active_us=clock.wall_us(), occurrence=2)
    desk.station.put_alarms([raised])
    desk.tick(5)
    desk.settle()
    desk.station.journal_rows = [*journal([raised]), *desk.station.journal_rows]
    _go_on(desk, clock)
    assert _names(page) == [VIBRATION, TRIP, TRIP]


def test_the_journal_is_left_alone_while_nothing_changes_or_nobody_looks(marked: Marked) -> None:
    desk, page, clock = marked
    asked = len(desk.station.journal_queries)
    _go_on(desk, clock)
    assert len(desk.station.journal_queries) == asked
    desk.window.show_devices()
    desk.station.put_alarms([alarm(desk.station.plant, TRIP)])
    _go_on(desk, clock)
    assert len(desk.station.journal_queries) == asked
    desk.window.show_trends()
    _go_on(desk, clock)
    assert len(desk.station.journal_queries) > asked
    assert page.model.marks.problem == ""


def test_a_journal_that_cannot_be_read_is_told_and_asked_again_later(marked: Marked) -> None:
    desk, page, clock = marked
    desk.is_problem_expected = True
    desk.station.journal_error = DatabaseError("The disk is full")
    page.model.change(lambda view: view.with_span(24 * HOUR_US))
    _go_on(desk, clock)
    assert "The disk is full" in page.problem
    assert _names(page) == [VIBRATION, TRIP]
    desk.station.journal_error = None
    clock.advance(5.0)
    _go_on(desk, clock)
    assert page.problem == ""


def test_alarms_that_are_too_many_are_counted(marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, page, clock = marked
    monkeypatch.setattr("hmi.trends.alarm_marks.MOST", 1)
    page.model.change(lambda view: view.with_span(24 * HOUR_US))
    _go_on(desk, clock)
    assert _names(page) == [TRIP]
    assert any("1 older alarms are not marked" in text for text in desk.texts())


def test_a_trend_of_what_has_no_alarm_asks_nothing(marked: Marked) -> None:
    desk, page, clock = marked
    page.model.remove(FLOW)
    asked = len(desk.station.journal_queries)
    _go_on(desk, clock)
    assert len(desk.station.journal_queries) == asked
