"""When a trend asks history, and when it leaves history alone."""

import asyncio
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from database.errors import DatabaseError
from history.series import HistoryQuery, HistorySeries
from hmi.trends.trace import NOT_LOADED, Gap
from hmi.trends.view import SECOND_US
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.desk import open_desk
from tests.fakes.trends import FLOW, GAP_S, HOUR_US, LEVEL, PRESSURE, RUN, Trend, open_trend_desk


def test_a_pan_within_the_margin_asks_history_nothing_and_a_far_one_asks_once(trend: Trend) -> None:
    desk, page, now_us = trend
    asked: list[HistoryQuery] = []
    answer = desk.station.past.answer

    def remember(query: HistoryQuery) -> tuple[HistorySeries, ...]:
        asked.append(query)
        return answer(query)

    desk.station.past.answer = remember  # type: ignore[method-assign]
    page.model.change(lambda view: view.panned(-HOUR_US, now_us))
    desk.settle()
    assert asked == []
    for _ in range(5):
        page.model.change(lambda view: view.panned(-4 * HOUR_US, now_us))
    desk.settle()
    assert len(asked) <= 2
    assert asked[-1].start_us <= page.model.window[0]
    assert asked[-1].pixels <= 4 * page.model.pixels


def test_history_that_cannot_be_read_is_told_and_live_values_go_on(trend: Trend) -> None:
    desk, page, _ = trend

    def fail(query: HistoryQuery) -> tuple[HistorySeries, ...]:
        raise DatabaseError("history.sqlite is damaged")

    answer, desk.station.past.answer = desk.station.past.answer, fail  # type: ignore[method-assign]
    page.model.change(lambda view: view.with_span(7 * 24 * HOUR_US))
    desk.settle()
    assert page.problem == "History can't be read, live values go on: history.sqlite is damaged"
    desk.station.put({LEVEL: 33.0})
    desk.tick(2)
    assert page.model.trace(LEVEL).at(page.model.now_us).value == 33.0
    desk.station.past.answer = answer  # type: ignore[method-assign]
    page.model.change(lambda view: view.with_span(3 * 24 * HOUR_US))
    desk.settle()
    assert page.problem == ""


def test_a_slow_history_holds_up_nothing_and_the_newest_wish_counts(qtbot: QtBot) -> None:
    with open_trend_desk() as (desk, page, _):
        desk.station.delay_s = 0.3
        for span in (24, 48, 72):
            page.model.change(lambda view, span=span: view.with_span(span * HOUR_US))
        assert page.model.loader.is_waiting
        assert len(desk.room.tasks) <= 3  # one question each: of the curves, the overview and the alarms
        desk.run(asyncio.sleep(0.7))
        desk.station.delay_s = 0.0  # what ticks start below is driven by Qt alone, without a running loop
        desk.settle()
        assert page.model.trace(LEVEL).t_us[0] <= page.model.window[0]


def test_a_wish_that_was_taken_back_before_it_was_asked_is_forgotten(trend: Trend) -> None:
    desk, page, _ = trend
    before = page.model.trace(LEVEL).t_us[1:3]
    page.model.change(lambda view: view.with_span(72 * HOUR_US))
    page.model.change(lambda view: view.with_span(8 * HOUR_US))
    desk.window.show_devices()
    desk.settle()
    after = page.model.trace(LEVEL).t_us[1:3]
    assert after[1] - after[0] == before[1] - before[0]


def test_what_cannot_be_seen_is_not_drawn_anew(trend: Trend) -> None:
    desk, page, _ = trend
    renders = page.canvas.renders
    desk.tick(10)
    assert page.canvas.renders - renders <= 3
    desk.window.show_devices()
    renders = page.canvas.renders
    desk.tick(20)
    assert page.canvas.renders == renders


def test_a_trend_that_nobody_looks_at_asks_nothing_and_keeps_a_minute_of_live_values(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot
    clock, asked = ManualClock(), []
    with open_desk(clock=clock) as desk:
        desk.window.open_trend((LEVEL,))
        page = desk.window.area.trend_page
        assert page is not None
        desk.window.show_devices()
        desk.settle()
        answer = desk.station.history

        async def history(query: HistoryQuery) -> tuple[HistorySeries, ...]:
            asked.append(query)
            return await answer(query)

        monkeypatch.setattr(desk.station, "history", history)
        for at in range(200):
            clock.advance(1.0)
            desk.station.put({LEVEL: 40.0 + at % 7})
            desk.tick()
        desk.settle()
        assert asked == []
        level, now_us = page.model.trace(LEVEL), clock.wall_us()
        assert level.at(now_us - 30 * SECOND_US).quality == Quality.GOOD
        assert level.at(now_us - 90 * SECOND_US).quality == NOT_LOADED
        desk.window.show_trends()
        clock.advance(0.1)
        desk.tick()
        desk.settle()
        assert len(asked) >= 1
        assert page.model.trace(LEVEL).at(now_us - 90 * SECOND_US).quality == Quality.GOOD
        assert page.model.trace(LEVEL).at(page.model.now_us).value == 43.0


def test_the_pens_stay_while_other_pages_are_shown(trend: Trend) -> None:
    desk, page, _ = trend
    desk.window.show_devices()
    desk.station.put({LEVEL: 44.0})
    desk.tick(2)
    desk.window.show_trends()
    assert desk.window.area.trend_page is page
    assert [pen.tag.name for pen in page.model.pens] == [FLOW, PRESSURE, LEVEL, RUN]
    assert page.model.trace(LEVEL).at(page.model.now_us).value == 44.0


def test_a_moment_lies_in_the_same_pixel_whenever_it_is_asked_for(trend: Trend) -> None:
    desk, page, now_us = trend
    page.model.change(lambda view: view.paused(now_us))
    edges = [set(page.model.loader.trace(PRESSURE).t_us.tolist())]
    for shift_us in (-5 * HOUR_US - 1_234_567, 5 * HOUR_US - 7):
        page.model.change(lambda view, shift_us=shift_us: view.panned(shift_us, now_us))
        desk.settle()
        edges.append(set(page.model.loader.trace(PRESSURE).t_us.tolist()))
    assert edges[0] != edges[1] != edges[2]
    assert len(edges[0] & edges[1]) > 500
    assert len(edges[1] & edges[2]) > 500


def test_between_history_and_live_values_nothing_is_missing(trend: Trend) -> None:
    _, page, now_us = trend
    trace = page.model.trace(PRESSURE)
    assert page.model.loader.trace(PRESSURE).end_us >= now_us
    assert trace.is_shown[trace.t_us >= now_us - HOUR_US].all()
    assert (trace.quality[-5:] == Quality.GOOD).all()


@pytest.mark.parametrize("is_live", [True, False])
def test_an_open_trend_shows_a_gap_that_is_filled(trend: Trend, is_live: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hmi.trends.loader._LOOK_US", 0)
    desk, page, now_us = trend
    if not is_live:
        page.model.change(lambda view: view.paused(now_us))
        desk.settle()
    begin_us = now_us - 8 * HOUR_US
    gap_us = [begin_us + at_s * SECOND_US for at_s in GAP_S]

    def gaps() -> list[Gap]:
        return [gap for gap in page.model.trace(FLOW).gaps() if gap.start_us > begin_us + HOUR_US]

    assert [gap.quality for gap in gaps()] == [Quality.BAD_NO_COMMUNICATION]
    times = list(range(gap_us[0], gap_us[1], 5 * SECOND_US))
    desk.station.past.put_past(FLOW, times, [2_600.0] * len(times))
    history = replace(desk.station.health.history, late=len(times))
    desk.station.health = replace(desk.station.health, history=history)
    for _ in range(3):
        desk.tick(10)
        desk.settle()
    assert gaps() == []
    assert page.model.trace(FLOW).at(gap_us[0] + 30 * SECOND_US).value == 2_600.0
