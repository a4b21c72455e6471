"""A trend from ten minutes to a year, over a history that answers at once and over one that takes its time."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hmi.trends.canvas import Canvas
from hmi.trends.draw_ground import curve_gaps, gap_text
from hmi.trends.page import TrendPage
from hmi.trends.trace import NOT_LOADED
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, open_desk
from tests.fakes.trends import LEVEL, PRESSURE
from tests.fakes.year_past import DAY_US, YearPast


@dataclass
class _Year:
    desk: Desk
    page: TrendPage
    past: YearPast
    clock: ManualClock

    def tick(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.desk.tick()


@pytest.fixture
def year(qtbot: QtBot) -> Iterator[_Year]:
    """Give a trend that shows a year, its answer in hand."""
    del qtbot
    clock = ManualClock()
    with open_desk(size=(1280, 720), clock=clock) as desk:
        now_us = clock.wall_us()
        past = YearPast(desk.station, desk.room.loop, (now_us - 200 * DAY_US, now_us - 170 * DAY_US))
        desk.window.open_trend((LEVEL, PRESSURE))
        page = desk.window.area.trend_page
        assert page is not None
        page.toolbar.preset(365 * DAY_US).click()
        desk.settle()
        yield _Year(desk, page, past, clock)


def test_a_year_is_one_click_away_and_asks_for_no_more_columns_than_there_are_pixels(year: _Year) -> None:
    assert year.page.model.view.span_us == 365 * DAY_US
    assert max(query.pixels for query in year.past.asked) <= 3 * year.page.model.pixels
    start, end = year.page.model.window
    assert year.page.model.trace(LEVEL).at(start).quality != NOT_LOADED
    assert year.page.model.trace(LEVEL).end_us >= end


def test_the_time_in_which_the_server_was_away_is_out_of_reach_and_not_without_data(year: _Year) -> None:
    (gap,) = curve_gaps(year.page.model, year.page.canvas.frame)
    assert gap_text(gap) == "Out of reach A, B"
    assert gap.end_us - gap.start_us == pytest.approx(30 * DAY_US, rel=0.01)


def test_while_another_span_is_on_its_way_the_old_curve_stays_and_is_marked_after_a_while(year: _Year) -> None:
    model = year.page.model
    model.change(lambda view: view.paused(model.now_us))
    year.past.hold()
    end_us = model.window[1]
    model.change(lambda view: view.with_span(DAY_US * 7))
    assert model.trace(LEVEL).at(end_us - DAY_US).quality != NOT_LOADED
    assert not model.loader.is_slow
    year.tick(0.25)
    assert not model.loader.is_slow
    year.tick(0.1)
    assert model.loader.is_slow
    year.tick(2.0)
    assert model.trace(LEVEL).at(end_us - DAY_US).quality != NOT_LOADED
    columns = len(model.trace(LEVEL).part(*model.window))
    year.past.release()
    year.desk.settle()
    assert not model.loader.is_slow
    assert len(model.trace(LEVEL).part(*model.window)) > 10 * columns


def test_of_many_pans_that_history_cannot_follow_only_the_last_is_asked(year: _Year) -> None:
    model = year.page.model
    model.change(lambda view: view.with_span(DAY_US))
    year.desk.settle()
    year.past.hold()
    before = len(year.past.asked)
    for _ in range(30):
        model.change(lambda view: view.panned(-2 * DAY_US, model.now_us))
        year.tick(0.05)
    year.past.release()
    year.desk.settle()
    asked = [query for query in year.past.asked[before:] if query.end_us - query.start_us < 10 * DAY_US]
    assert len(asked) <= 2
    assert asked[-1].start_us <= model.window[0] < model.window[1] <= asked[-1].end_us
    assert model.trace(LEVEL).at(model.window[0]).quality != NOT_LOADED


def test_what_lies_beside_the_window_is_asked_for_before_a_hand_gets_there(year: _Year) -> None:
    model = year.page.model
    model.change(lambda view: view.with_span(DAY_US).paused(model.now_us - 30 * DAY_US))
    model.change(lambda view: view.panned(-30 * DAY_US, model.now_us))
    year.desk.settle()
    for _ in range(12):
        model.change(lambda view: view.panned(-DAY_US // 5, model.now_us))
        assert model.trace(LEVEL).at(model.window[0]).quality != NOT_LOADED
        assert not model.loader.is_slow
        year.desk.settle()


def test_a_refresh_of_what_is_shown_is_not_called_loading(year: _Year) -> None:
    model = year.page.model
    year.past.hold()
    for _ in range(5):
        year.tick(31.0)
    assert model.loader.is_waiting
    assert not model.loader.is_slow
    year.past.release()
    year.desk.settle()


def test_the_wheel_zooms_about_the_pointer_from_a_year_to_ten_minutes(year: _Year) -> None:
    model, canvas = year.page.model, year.page.canvas
    model.change(lambda view: view.paused(model.now_us))
    at = QPoint(int(canvas.frame.plot.left() + 0.25 * canvas.frame.plot.width()), int(canvas.frame.plot.center().y()))
    kept_us = canvas.frame.time_at(at.x())
    for _ in range(60):
        _turn_wheel(canvas, at, 120)
        if model.view.span_us <= 600_000_000:
            break
    assert model.view.span_us <= 600_000_000
    assert abs(canvas.frame.x_of(kept_us) - at.x()) < 2
    year.desk.settle()


def test_a_drag_pans_and_keys_step(year: _Year) -> None:
    model, canvas = year.page.model, year.page.canvas
    model.change(lambda view: view.with_span(30 * DAY_US))
    start = model.window[0]
    plot = canvas.frame.plot
    middle = plot.center().toPoint()
    QTest.mousePress(canvas, Qt.MouseButton.RightButton, pos=middle)
    _drag(canvas, middle + QPoint(int(plot.width() / 3), 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.RightButton, pos=middle + QPoint(int(plot.width() / 3), 0))
    assert start - model.window[0] == pytest.approx(10 * DAY_US, rel=0.02)
    start = model.window[0]
    year.page.toolbar.tool("back").trigger()
    assert start - model.window[0] == 15 * DAY_US
    year.desk.settle()


def test_each_pan_is_drawn_though_history_has_not_answered(year: _Year) -> None:
    model, drawn = year.page.model, set[int]()
    year.past.hold()
    for _ in range(20):
        model.change(lambda view: view.panned(-20 * DAY_US, model.now_us))
        year.tick(0.1)
        drawn.add(year.page.canvas.renders)
    assert len(drawn) == 20
    year.past.release()
    year.desk.settle()


def _turn_wheel(canvas: Canvas, at: QPoint, delta: int) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(at), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)


def _drag(canvas: Canvas, to: QPoint) -> None:
    button = Qt.MouseButton.RightButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(to), QPointF(to), Qt.MouseButton.NoButton, button, Qt.KeyboardModifier.NoModifier
    )
    canvas.mouseMoveEvent(event)
