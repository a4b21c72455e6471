"""The details of an alarm are open or closed at every width, and the list beside them stays usable."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hmi.alarm_list.columns import COLUMNS, LEAST_TEXT, TEXT, VALUE, widths_within
from hmi.alarm_list.columns import TRIP as TRIP_VALUE
from hmi.alarm_list.page import AlarmsPage
from hmi.amount import Amount
from plant_models.alarm_definition import AlarmKind
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk, open_desk

TRIP, VIBRATION = "RPS.P1.FLT.state", "RPS.P1.VIB.H"


@pytest.fixture
def small(qtbot: QtBot) -> Iterator[Desk]:
    with open_desk(size=(1280, 720)) as desk:
        yield desk


def _page(desk: Desk) -> AlarmsPage:
    desk.station.put_alarms([alarm(desk.station.plant, name) for name in (TRIP, VIBRATION)])
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


def test_a_button_opens_and_closes_them_in_a_small_window(small: Desk, qtbot: QtBot) -> None:
    page = _page(small)
    button = page.tools.buttons["details"]
    assert button.accessibleName() == "Alarm details (F4)"
    assert not page.details.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.details.isVisible()
    assert button.isChecked()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not page.details.isVisible()


def test_the_list_beside_them_shows_what_matters_and_is_worked_by_keys(small: Desk, qtbot: QtBot) -> None:
    page = _page(small)
    qtbot.keyClick(small.window, Qt.Key.Key_F4)
    small.tick()
    shown = [column.title for at, column in enumerate(COLUMNS) if not page.view.isColumnHidden(at)]
    assert {"Time", "Tag", "Description", "State"} <= set(shown)
    assert page.view.horizontalHeader().length() <= page.view.viewport().width()
    assert page.details.geometry().right() < page.width()
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Home)
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    assert page.details.alarm == page.view.current_alarm() == page.table.alarms[1]


def test_escape_closes_them_in_a_small_window_and_leaves_the_filter(small: Desk, qtbot: QtBot) -> None:
    page = _page(small)
    page.filter_bar.field.setText("vib")
    qtbot.keyClick(small.window, Qt.Key.Key_F4)
    page.details.ack.setFocus()
    qtbot.keyClick(small.window, Qt.Key.Key_Escape)
    assert not page.details.isVisible()
    assert small.window.focusWidget() is page.view, "the keyboard goes on in the list"
    assert page.filter_bar.is_on
    qtbot.keyClick(small.window, Qt.Key.Key_Escape)
    assert not page.filter_bar.is_on


def test_a_double_click_opens_them(small: Desk, qtbot: QtBot) -> None:
    page = _page(small)
    place = page.view.visualRect(page.table.index(1, TEXT)).center()
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.details.isVisible()
    assert page.details.alarm == page.table.alarms[1]


def test_wide_and_small_windows_remember_it_each_for_itself(desk: Desk, qtbot: QtBot) -> None:
    page = _page(desk)
    assert page.details.isVisible()
    qtbot.keyClick(desk.window, Qt.Key.Key_F4)
    assert not page.details.isVisible()
    desk.window.resize(1280, 720)
    desk.tick()
    qtbot.keyClick(desk.window, Qt.Key.Key_F4)
    desk.window.show_journal()
    desk.window.show_alarms()
    assert page.details.isVisible()
    desk.window.resize(1920, 1080)
    desk.tick()
    assert not page.details.isVisible()


def test_the_key_does_nothing_on_other_pages(desk: Desk, qtbot: QtBot) -> None:
    _page(desk)
    desk.window.show_journal()
    assert not desk.window.action_table["details"].isEnabled()
    desk.settle()


@pytest.mark.parametrize("room", [1646, 1250, 994, 790, 534])
def test_the_description_never_gets_less_than_it_needs(room: int) -> None:
    kept = widths_within(room)
    assert kept[TEXT] >= (LEAST_TEXT if room > 600 else 120)
    assert sum(kept.values()) <= room


def test_a_rate_stands_below_the_value_of_its_tag_and_is_never_good_when_unknown(desk: Desk) -> None:
    rate = replace(alarm(desk.station.plant, VIBRATION), kind=AlarmKind.RATE, trip_value=3.0)
    desk.station.put({rate.tag: 7.0})
    desk.station.put_alarms([rate])
    desk.window.show_alarms()
    page = desk.window.area.alarms_page
    assert page is not None
    desk.tick(6)
    page.view.setCurrentIndex(page.table.index(0, TEXT))
    desk.tick(6)
    assert page.details.alarm == rate
    assert [amount.shown_texts() for amount in page.details.findChildren(Amount)] == [
        ("7.0", "mm/s"),
        ("* —", "mm/s/min"),
    ]
    desk.station.alarm_measures = {rate.name: 2.5}
    desk.tick(6)
    assert page.details.findChildren(Amount)[1].shown_texts() == ("2.5", "mm/s/min")
    assert page.table.index(0, VALUE).data() == "2.5\u00a0mm/s/min"
    assert page.table.index(0, TRIP_VALUE).data() == "3.0\u00a0mm/s/min"
    assert "Rate now" in desk.texts()
    desk.station.put_alarms([replace(rate, kind=AlarmKind.STUCK)])
    desk.tick(6)
    assert "Moved in the time it is watched for" in desk.texts()
