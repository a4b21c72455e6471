"""Working through the list by keyboard: the keyboard stays where it stands when alarms are acknowledged or leave."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.order import Order
from hmi.alarm_list.page import AlarmsPage
from hmi.preferences.list_look import ListLook
from tests.fakes.alarms import alarm
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk

NAMES = ("TK1.LEVEL.LL", "RPS.P1.FLT.state", "RPS.P1.VIB.H", "RPS.P2.VIB.H", "RPS.P1.FLOW.H")
"""In the order of the list."""


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    with open_desk(clock=clock) as desk:
        yield desk


@pytest.fixture
def page(desk: Desk, clock: ManualClock) -> AlarmsPage:
    desk.station.put_alarms([alarm(demo_plant(), name) for name in NAMES])
    desk.window.show_alarms()
    desk.tick(5)
    clock.advance(0.6)
    desk.tick(2)
    page = desk.window.area.alarms_page
    assert page is not None
    page.view.setFocus()
    return page


def _press(desk: Desk, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(desk.window, key)
    desk.settle()
    desk.tick(5)


def _sent(desk: Desk) -> list[str]:
    return [seen.name for seen in desk.station.acknowledged]


def _chosen(page: AlarmsPage) -> list[str]:
    return [row.name for row in page.view.chosen()]


def _current(page: AlarmsPage) -> AlarmRow:
    current = page.view.current_alarm()
    assert current is not None
    return current


def test_one_key_acknowledges_one_alarm_after_the_other(desk: Desk, page: AlarmsPage, qtbot: QtBot) -> None:
    page.view.selectRow(1)
    for count in (1, 2, 3):
        _press(desk, qtbot, Qt.Key.Key_F7)
        assert _sent(desk) == list(NAMES[1 : 1 + count])
        following = (*NAMES, NAMES[0])[1 + count]
        assert _current(page).name == following
        assert _chosen(page) == [following]
        assert page.details.alarm == _current(page)
        assert page.view.currentIndex().row() == 1


def test_after_the_last_one_it_goes_on_from_the_top_and_then_stays(desk: Desk, page: AlarmsPage, qtbot: QtBot) -> None:
    page.view.selectRow(4)
    _press(desk, qtbot, Qt.Key.Key_F7)
    assert _current(page).name == NAMES[0]
    for _ in range(4):
        _press(desk, qtbot, Qt.Key.Key_F7)
    assert sorted(_sent(desk)) == sorted(NAMES)
    assert page.view.currentIndex().row() == 0
    _press(desk, qtbot, Qt.Key.Key_F7)
    assert len(_sent(desk)) == len(NAMES), "nothing is left to acknowledge"


def test_the_next_one_is_acknowledged_only_if_it_was_there_long_enough(
    desk: Desk, page: AlarmsPage, qtbot: QtBot, clock: ManualClock
) -> None:
    page.view.selectRow(0)
    fresh = alarm(demo_plant(), "LPS.DISCHARGE.L")
    desk.station.put_alarms([*desk.station.alarms.rows, fresh])
    desk.tick(5)
    page.view.choose(NAMES[0])
    order = [row.name for row in page.table.alarms]
    assert order[1] == fresh.name
    for _ in range(3):
        _press(desk, qtbot, Qt.Key.Key_F7)
    assert _sent(desk) == [NAMES[0]]
    assert _chosen(page) == [fresh.name]
    clock.advance(0.6)
    desk.tick(2)
    _press(desk, qtbot, Qt.Key.Key_F7)
    assert _sent(desk) == [NAMES[0], fresh.name]


def test_several_that_were_selected_stay_selected(desk: Desk, page: AlarmsPage, qtbot: QtBot) -> None:
    page.view.selectRow(0)
    qtbot.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    _press(desk, qtbot, Qt.Key.Key_F7)
    assert sorted(_chosen(page)) == sorted(_sent(desk)) == sorted(NAMES[:2])
    assert _current(page).name == NAMES[2]


def test_what_leaves_by_itself_leaves_the_keyboard_where_it_stands(desk: Desk, page: AlarmsPage) -> None:
    page.view.selectRow(2)
    desk.station.put_alarms([row for row in desk.station.alarms.rows if row.name != NAMES[2]])
    desk.tick(5)
    assert page.view.currentIndex().row() == 2
    assert _chosen(page) == []
    desk.station.put_alarms([])
    desk.tick(5)
    assert page.view.current_alarm() is None


def test_what_somebody_else_acknowledges_takes_the_keyboard_along(desk: Desk, page: AlarmsPage) -> None:
    page.view.selectRow(0)
    rows = [replace(row, state=AlarmState.ACKED) if row.name == NAMES[0] else row for row in desk.station.alarms.rows]
    desk.station.put_alarms(rows)
    desk.tick(5)
    assert _current(page).name == NAMES[0]
    assert page.view.currentIndex().row() == len(NAMES) - 1


@pytest.mark.parametrize("is_parted", [False, True])
def test_it_goes_on_where_the_acknowledged_stays_or_goes_to_the_other_table(
    desk: Desk, page: AlarmsPage, qtbot: QtBot, is_parted: bool
) -> None:
    if is_parted:
        desk.window.context.preferences.choose_alarm_list(ListLook(is_parted=True))
    else:
        page.view_menu.order_wanted.emit(Order(6))
    desk.tick()
    names = [row.name for row in page.table.alarms]
    page.view.selectRow(1)
    page.view.setFocus()
    _press(desk, qtbot, Qt.Key.Key_F7)
    assert _sent(desk) == [names[1]]
    assert _current(page).name == names[2]
    assert _chosen(page) == [names[2]]
