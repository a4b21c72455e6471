"""From a row of the alarm list or the journal to the trend at that time: menu, button and keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QTableView
from pytestqt.qtbot import QtBot

from hmi.alarm_journal.page import JournalView
from hmi.alarm_list.page import AlarmsPage
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import Desk, visible

LEVEL, TRIP = "TK1.LEVEL.LL", "RPS.P1.FLT.state"
HOUR_US = 3_600_000_000
ITEMS = ["Trend", "Alarms of this", "Journal of this", "Manual value", "Device", "Copy tag name"]


@pytest.fixture
def menus(monkeypatch: pytest.MonkeyPatch) -> list[QMenu]:
    """Every menu that pops up, in place of its popping up: off-screen Qt can't grab the keyboard."""
    found: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: found.append(menu))
    return found


@pytest.fixture
def at_us(desk: Desk) -> int:
    return desk.window.context.clock.wall_us() - 30 * HOUR_US


def _alarms(desk: Desk, at_us: int) -> AlarmsPage:
    desk.station.put_alarms([alarm(desk.station.plant, LEVEL, active_us=at_us)])
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


def _journal(desk: Desk, *, at_us: int, tag: str = "TK1.LEVEL") -> JournalView:
    rows = journal([alarm(desk.station.plant, name) for name in (LEVEL, TRIP)])
    desk.station.journal_rows = [replace(rows[0], at_us=at_us), replace(rows[1], at_us=at_us, tag=tag)]
    desk.window.show_journal()
    (view,) = visible(desk.window, JournalView)
    view.bar.spans.buttons()[-1].click()
    desk.tick(6)
    desk.settle()
    return view


def _press_menu_key(view: QTableView) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), view.mapToGlobal(QPoint(1, 1)))
    QApplication.sendEvent(view, event)


def _right_click(view: QTableView, row: int) -> None:
    place, viewport = view.visualRect(view.model().index(row, 3)).center(), view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)


def _choose_trend(menu: QMenu) -> None:
    next(each for each in menu.actions() if each.text() == "Trend").trigger()


def _assert_trend(desk: Desk, tag: str, at_us: int) -> None:
    page = desk.window.area.trend_page
    assert page is not None
    assert [pen.tag.name for pen in page.model.pens] == [tag]
    assert page.model.cursors[0] == at_us
    start, end = page.model.window
    assert start < at_us < end
    desk.settle()


@pytest.mark.parametrize("is_keyboard", [False, True])
def test_the_menu_of_an_alarm_leads_to_the_trend_at_its_time(
    desk: Desk, menus: list[QMenu], at_us: int, is_keyboard: bool
) -> None:
    view = _alarms(desk, at_us).view
    view.selectRow(0)
    _press_menu_key(view) if is_keyboard else _right_click(view, 0)
    (menu,) = menus
    assert [each.text() for each in menu.actions()][-6:] == ITEMS
    _choose_trend(menu)
    _assert_trend(desk, "TK1.LEVEL", at_us)


def test_the_menu_of_a_row_acknowledges_nothing_but_what_was_seen(desk: Desk, menus: list[QMenu], at_us: int) -> None:
    """An alarm of the list is acknowledged by its own button and key; others of its tag may have come since."""
    view = _alarms(desk, at_us).view
    _right_click(view, 0)
    assert "Acknowledge" not in [each.text() for each in menus[0].actions()]


def test_the_details_of_an_alarm_lead_to_the_trend_at_its_time(desk: Desk, qtbot: QtBot, at_us: int) -> None:
    page = _alarms(desk, at_us)
    page.view.selectRow(0)
    page.details.trend.setFocus()
    qtbot.keyClick(page.details.trend, Qt.Key.Key_Space)
    _assert_trend(desk, "TK1.LEVEL", at_us)


@pytest.mark.parametrize("is_keyboard", [False, True])
def test_the_menu_of_an_event_leads_to_the_trend_at_its_time(
    desk: Desk, menus: list[QMenu], at_us: int, is_keyboard: bool
) -> None:
    view = _journal(desk, at_us=at_us).view
    view.selectRow(1)
    _press_menu_key(view) if is_keyboard else _right_click(view, 1)
    (menu,) = menus
    _choose_trend(menu)
    _assert_trend(desk, "TK1.LEVEL", at_us)


def test_a_button_below_the_journal_leads_to_the_trend_of_the_chosen_event(
    desk: Desk, qtbot: QtBot, at_us: int
) -> None:
    page = _journal(desk, at_us=at_us)
    assert not page.trend.isEnabled()
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Home)
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    page.view.selectRow(1)
    qtbot.keyClick(page.trend, Qt.Key.Key_Space)
    _assert_trend(desk, "TK1.LEVEL", at_us)


def test_what_has_no_tag_in_the_plant_has_neither_menu_nor_trend(desk: Desk, menus: list[QMenu], at_us: int) -> None:
    page = _journal(desk, at_us=at_us, tag="GONE")
    page.view.selectRow(1)
    _right_click(page.view, 1)
    _press_menu_key(page.view)
    assert menus == []
    assert not page.trend.isEnabled()


def test_below_the_rows_there_is_no_menu(desk: Desk, menus: list[QMenu], at_us: int) -> None:
    view = _alarms(desk, at_us).view
    at = QPoint(20, view.viewport().height() - 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, view.viewport().mapToGlobal(at))
    QApplication.sendEvent(view.viewport(), event)
    assert menus == []
