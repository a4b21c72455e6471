"""Nothing is acknowledged from the list that nobody can have read: what just came, or was never on screen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from alarms.snapshot import AlarmRow
from hmi.actions import Target
from hmi.alarm_list.seen_rows import SeenRows, sift
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.clock import ManualClock
from tests.fakes.desk import PUMP, Desk, demo_plant, open_desk

TRIP, VIBRATION, LEVEL = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "TK1.LEVEL.LL"
ALL_ROWS = 200


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    with open_desk(clock=clock) as desk:
        yield desk


def _rows(*names: str) -> list[AlarmRow]:
    return [alarm(demo_plant(), name) for name in names]


def _raise(desk: Desk, rows: list[AlarmRow]) -> None:
    desk.station.put_alarms(rows)
    desk.tick(5)


def _wait(desk: Desk, clock: ManualClock, seconds: float = 0.6) -> None:
    clock.advance(seconds)
    desk.tick()


def _acknowledged(desk: Desk) -> set[str]:
    desk.settle()
    return {seen.name for seen in desk.station.acknowledged}


def test_a_row_must_stand_for_half_a_second(clock: ManualClock) -> None:
    seen, (row,) = SeenRows(clock), _rows(TRIP)
    seen.look([row])
    clock.advance(0.49)
    assert not seen.stands(row)
    clock.advance(0.02)
    assert seen.stands(row)


def test_a_row_that_was_scrolled_out_meanwhile_has_to_stand_anew(clock: ManualClock) -> None:
    seen, (row,) = SeenRows(clock), _rows(TRIP)
    seen.look([row])
    clock.advance(0.4)
    seen.look([])
    seen.look([row])
    clock.advance(0.4)
    assert not seen.was_read(row)


def test_a_row_that_was_read_and_scrolled_out_was_still_read(clock: ManualClock) -> None:
    seen, (row,) = SeenRows(clock), _rows(TRIP)
    seen.look([row])
    clock.advance(0.6)
    seen.look([])
    assert seen.was_read(row)
    assert not seen.stands(row)
    seen.forget_over([])
    assert not seen.was_read(row)


@pytest.mark.parametrize("change", [{"occurrence": 2}, {"priority": 1}])
def test_an_alarm_that_was_raised_again_or_became_more_urgent_stands_anew(
    clock: ManualClock, change: dict[str, int]
) -> None:
    seen, (row,) = SeenRows(clock), _rows(TRIP)
    seen.look([row])
    clock.advance(0.6)
    again = replace(row, **change)
    seen.look([again])
    assert not seen.was_read(again)


def test_what_is_left_is_counted_by_its_reason(clock: ManualClock) -> None:
    seen, (old, fresh, hidden) = SeenRows(clock), _rows(TRIP, VIBRATION, LEVEL)
    seen.look([old])
    clock.advance(0.6)
    seen.look([old, fresh])
    found = sift([old, fresh, hidden], seen)
    assert list(found.read) == [old]
    assert found.words == "1 of 3 acknowledged, 1 just came, 1 not on screen yet"
    assert sift([old], seen).words == ""


@pytest.mark.parametrize("is_selected", [False, True])
def test_a_row_that_just_came_is_left_and_said(desk: Desk, clock: ManualClock, is_selected: bool) -> None:
    _raise(desk, _rows(TRIP, VIBRATION))
    page = desk.show_alarms()
    _wait(desk, clock)
    _raise(desk, _rows(LEVEL, TRIP, VIBRATION))
    if is_selected:
        page.view.selectAll()
        desk.window.acknowledge_selected()
    else:
        desk.window.acknowledge_visible()
    assert _acknowledged(desk) == {TRIP, VIBRATION}
    assert "2 of 3 acknowledged, 1 just came" in desk.texts()


def test_rows_that_moved_within_the_screen_have_still_been_read(desk: Desk, clock: ManualClock) -> None:
    rows = many_alarms(demo_plant(), 15)
    _raise(desk, rows[5:])
    desk.show_alarms()
    _wait(desk, clock)
    _raise(desk, rows)
    desk.window.acknowledge_visible()
    assert _acknowledged(desk) == {row.name for row in rows[5:]}


def test_select_all_acknowledges_only_what_was_on_screen(desk: Desk, clock: ManualClock) -> None:
    _raise(desk, many_alarms(demo_plant(), ALL_ROWS))
    page = desk.show_alarms()
    _wait(desk, clock)
    top = {row.name for row in page.view.on_screen()}
    page.view.verticalScrollBar().setValue(page.view.verticalScrollBar().maximum())
    _wait(desk, clock)
    bottom = {row.name for row in page.view.on_screen()}
    page.view.selectAll()
    desk.window.acknowledge_selected()
    assert _acknowledged(desk) == top | bottom
    left = ALL_ROWS - len(top | bottom)
    assert f"{ALL_ROWS - left} of {ALL_ROWS} acknowledged, {left} not on screen yet" in desk.texts()


def test_scrolled_out_rows_are_not_visible(desk: Desk, clock: ManualClock) -> None:
    _raise(desk, many_alarms(demo_plant(), ALL_ROWS))
    page = desk.show_alarms()
    _wait(desk, clock)
    page.view.verticalScrollBar().setValue(page.view.verticalScrollBar().maximum())
    desk.window.acknowledge_visible()
    assert _acknowledged(desk) == set(), "what is on screen now has only just come there"
    assert any(text.startswith("0 of ") for text in desk.texts())


def test_a_list_on_another_page_has_not_been_read(desk: Desk, clock: ManualClock) -> None:
    desk.show_alarms()
    desk.window.go_home()
    _raise(desk, _rows(TRIP))
    _wait(desk, clock)
    desk.show_alarms()
    desk.window.acknowledge_visible()
    assert _acknowledged(desk) == set()


@pytest.mark.parametrize("is_settled", [False, True])
def test_the_details_acknowledge_only_what_stood_there(
    desk: Desk, clock: ManualClock, qtbot: QtBot, is_settled: bool
) -> None:
    _raise(desk, _rows(TRIP))
    page = desk.show_alarms()
    page.view.selectRow(0)
    _wait(desk, clock)
    if not is_settled:
        _raise(desk, [replace(row, occurrence=7) for row in _rows(TRIP)])
    qtbot.mouseClick(page.details.ack, Qt.MouseButton.LeftButton)
    assert _acknowledged(desk) == ({TRIP} if is_settled else set())
    assert any("only just come; look again" in text for text in desk.texts()) is not is_settled


def test_a_menu_acknowledges_what_waited_when_it_was_opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: menus.append(menu))
    _raise(desk, _rows(TRIP))
    desk.window.area.menu_wanted.emit(Target(PUMP, "", ()), QPoint(0, 0))
    _raise(desk, _rows(TRIP, VIBRATION))
    next(each for each in menus[0].actions() if each.text() == "Acknowledge").trigger()
    assert _acknowledged(desk) == {TRIP}


def test_without_a_selection_it_says_that_nothing_is_selected(desk: Desk) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, "RPS.P1.FLT.state")])
    desk.window.show_alarms()
    desk.tick(10)
    page = desk.window.area.alarms_page
    assert page is not None
    page.view.clearSelection()
    words: list[str] = []
    desk.window.context.alarms.warned.connect(words.append)
    page.acknowledge_selected()
    assert words == ["No alarm is selected. Click one, or press Space on it."]
    assert desk.station.acknowledged == []
