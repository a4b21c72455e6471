"""A list that is held still says so, tells what has come, and never holds what may not be believed."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from hmi.alarm_list.page import AlarmsPage
from tests.fakes.alarms import alarm
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, open_desk

TRIP, VIBRATION, LEVEL = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "TK1.LEVEL.LL"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(wall_us=1_795_980_069_000_000)


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    with open_desk(clock=clock) as desk:
        yield desk


@pytest.fixture
def page(desk: Desk) -> AlarmsPage:
    _raise(desk, TRIP)
    desk.window.show_alarms()
    desk.tick(3)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


def _raise(desk: Desk, *names: str) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, name) for name in names])
    desk.tick(5)


def _names(page: AlarmsPage) -> list[str]:
    return [row.name for row in page.table.alarms]


def test_while_it_is_held_nothing_changes_and_the_bar_tells_what_came(
    desk: Desk, page: AlarmsPage, qtbot: QtBot
) -> None:
    qtbot.keyClick(page.view, Qt.Key.Key_Pause)
    assert page.tools.buttons["pause"].isChecked()
    assert "nothing new" in page.card.pause.words
    _raise(desk, TRIP, VIBRATION)
    assert page.card.pause.words.endswith(": 1 new")
    _raise(desk, TRIP, VIBRATION, LEVEL)
    assert page.card.pause.words.endswith(": 2 new, 1 of priority 1")
    assert _names(page) == [TRIP]
    assert next(slot.alarm.name for slot in desk.window.banner.slots if slot.alarm) == LEVEL
    qtbot.mouseClick(page.card.pause.go_on, Qt.MouseButton.LeftButton)
    assert _names(page) == [LEVEL, TRIP, VIBRATION]
    assert not page.card.pause.isVisible()
    assert not page.tools.buttons["pause"].isChecked()


def test_it_ends_by_itself(desk: Desk, page: AlarmsPage, clock: ManualClock) -> None:
    page.card.pause.longest_s = 20.0
    page.commands["pause"].trigger()
    _raise(desk, TRIP, LEVEL)
    clock.advance(19)
    desk.tick()
    assert page.card.pause.is_on
    clock.advance(2)
    desk.tick()
    assert not page.card.pause.is_on
    assert _names(page) == [LEVEL, TRIP]


def test_nothing_is_held_that_may_not_be_believed(desk: Desk, page: AlarmsPage) -> None:
    page.commands["pause"].trigger()
    desk.station.put_alarms([], is_evaluated=False)
    desk.tick(5)
    assert not page.card.pause.is_on
    page.commands["pause"].trigger()
    assert not page.card.pause.is_on
    assert page.card.pause.words == ""


def test_a_filter_still_works_on_what_is_held(desk: Desk, page: AlarmsPage) -> None:
    _raise(desk, TRIP, VIBRATION)
    page.commands["pause"].trigger()
    _raise(desk, LEVEL)
    page.filter_bar.buttons[3].click()
    assert _names(page) == [TRIP]
    page.filter_bar.clear()
    assert _names(page) == [TRIP, VIBRATION]
    page.commands["pause"].trigger()
    assert _names(page) == [LEVEL]


def test_what_is_acknowledged_in_a_held_list_is_what_stands_there(
    desk: Desk, page: AlarmsPage, clock: ManualClock
) -> None:
    page.commands["pause"].trigger()
    clock.advance(1)
    desk.tick()
    plant = desk.station.plant
    desk.station.put_alarms([alarm(plant, TRIP, occurrence=2), alarm(plant, LEVEL)])
    desk.tick(5)
    page.view.selectAll()
    page.acknowledge_selected()
    desk.settle()
    assert [(seen.name, seen.occurrence) for seen in desk.station.acknowledged] == [(TRIP, 1)]
    assert desk.station.alarms.rows[0].state is AlarmState.UNACK, "it was raised again since"


def test_to_begin_twice_is_to_begin_once(page: AlarmsPage) -> None:
    told: list[bool] = []
    page.card.pause.switched.connect(told.append)
    page.card.pause.begin()
    page.card.pause.begin()
    page.card.pause.end()
    page.card.pause.end()
    assert told == [True, False]
