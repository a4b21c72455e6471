"""The strip below the trend: what it spans, and what dragging in it does."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hmi.theme.theme import theme
from hmi.trends.overview import overview_length
from hmi.trends.page import TrendPage
from hmi.trends.view import SECOND_US
from tests.fakes.trends import FLOW, HOUR_US, LEVEL, Trend, open_trend_desk

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def trend(qtbot: QtBot) -> Iterator[Trend]:
    del qtbot
    with open_trend_desk() as made:
        made[0].tick(12)
        made[0].settle()
        yield made


def _drag(page: TrendPage, begin_us: int, end_us: int) -> None:
    strip = page.overview
    begin, end = (QPoint(round(strip.x_of(at_us)), strip.height() // 2) for at_us in (begin_us, end_us))
    QTest.mousePress(strip, LEFT, NO_KEY, begin)
    place = strip.mapToGlobal(QPointF(end))
    strip.mouseMoveEvent(QMouseEvent(QEvent.Type.MouseMove, QPointF(end), place, LEFT, LEFT, NO_KEY))
    QTest.mouseRelease(strip, LEFT, NO_KEY, end)


def _pixel_us(page: TrendPage) -> int:
    start, end = page.overview.range
    return round((end - start) / page.canvas.frame.plot.width())


def test_it_spans_a_day_around_eight_hours_and_more_around_longer_windows() -> None:
    day_us = 24 * HOUR_US
    assert overview_length(8 * HOUR_US) == day_us
    assert overview_length(day_us) == 7 * day_us
    assert overview_length(7 * day_us) == 30 * day_us
    assert overview_length(30 * day_us) == 400 * day_us


def test_it_ends_at_the_present_and_follows_a_window_that_lies_further_back(trend: Trend) -> None:
    _, page, _ = trend
    model, strip = page.model, page.overview
    assert strip.range == (model.now_us - 24 * HOUR_US, model.now_us)
    model.change(lambda view: view.panned(-100 * HOUR_US, model.now_us))
    start, end = strip.range
    assert start < model.window[0] < model.window[1] < end < model.now_us


def test_dragging_the_window_pans(trend: Trend) -> None:
    _, page, _ = trend
    end = page.model.window[1]
    _drag(page, end - 4 * HOUR_US, end - 9 * HOUR_US)
    assert page.model.window[1] == pytest.approx(end - 5 * HOUR_US, abs=2 * _pixel_us(page))
    assert page.model.view.span_us == 8 * HOUR_US
    assert not page.model.view.is_live


def test_dragging_it_to_the_present_follows_the_present_again(trend: Trend) -> None:
    _, page, _ = trend
    model = page.model
    model.change(lambda view: view.panned(-5 * HOUR_US, model.now_us))
    _drag(page, model.now_us - 6 * HOUR_US, model.now_us)
    assert model.view.is_live


def test_dragging_an_end_changes_the_length_and_undo_takes_it_back_in_one(trend: Trend) -> None:
    _, page, _ = trend
    start, end = page.model.window
    _drag(page, start, start + 6 * HOUR_US)
    assert page.model.view.span_us == pytest.approx(2 * HOUR_US, abs=2 * _pixel_us(page))
    assert page.model.window[1] == pytest.approx(end, abs=2 * _pixel_us(page))
    page.model.undo()
    assert page.model.view.span_us == 8 * HOUR_US


def test_an_end_stops_before_the_other_one(trend: Trend) -> None:
    _, page, _ = trend
    start, end = page.model.window
    _drag(page, start, end)
    assert page.model.window[0] < page.model.window[1]
    assert page.model.view.span_us >= 10 * SECOND_US


def test_a_click_beside_the_window_goes_there(trend: Trend) -> None:
    _, page, _ = trend
    at_us = page.model.now_us - 15 * HOUR_US
    _drag(page, at_us, at_us)
    start, end = page.model.window
    assert (start + end) // 2 == pytest.approx(at_us, abs=2 * _pixel_us(page))


def test_it_shows_the_chosen_pen_and_leaves_a_gap_empty(trend: Trend) -> None:
    desk, page, now_us = trend
    page.model.choose(FLOW)
    desk.tick(12)
    desk.settle()
    bars = _bars(page)
    gap = now_us - 8 * HOUR_US + 10_600 * SECOND_US
    assert bars(gap - HOUR_US)
    assert not bars(gap)
    page.model.choose(LEVEL)
    desk.tick(12)
    desk.settle()
    assert page.overview.loader.trace(LEVEL).at(gap).value == pytest.approx(57.5, abs=0.5)


def _bars(page: TrendPage) -> Callable[[int], bool]:
    picture = page.overview.grab().toImage()

    def are_at(at_us: int) -> bool:
        """Tell whether a bar stands within a few px of a time."""
        x, y = round(page.overview.x_of(at_us)), page.overview.height() // 2 + 12
        colours = {picture.pixelColor(x + shift, y).name() for shift in range(-4, 5)}
        return theme().color("outline").name() in colours

    return are_at


def test_it_leaves_the_room_to_the_curves_where_the_window_is_low(qtbot: QtBot) -> None:
    del qtbot
    with open_trend_desk(size=(1280, 720)) as (_, page, _):
        assert not page.overview.isVisible()


def test_it_asks_nothing_while_it_is_not_seen(trend: Trend) -> None:
    desk, page, _ = trend
    desk.window.show_devices()
    page.model.change(lambda view: view.with_span(72 * HOUR_US))
    desk.tick(20)
    assert not page.overview.loader.is_waiting
    assert not page.model.loader.is_waiting
