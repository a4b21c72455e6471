"""From a value, a symbol or a faceplate to its trend: middle click, Alt and click, menu, button."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from hmi.actions import Target, item_menu
from hmi.displays.hotspot import Hotspot
from hmi.faceplate.part import Part
from tests.fakes.desk import PUMP, Desk, visible

FLOW = f"{PUMP}.FLOW"


def _hotspot(desk: Desk, *, tag: str = "", opens: str = "") -> Hotspot:
    view = desk.window.area.view
    assert view is not None
    return next(each for each in view.hotspots if (each.item.item.tag == tag if tag else each.item.opens == opens))


@pytest.fixture
def menus(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The texts of every menu that pops up, in place of the menu: off-screen Qt can't grab the keyboard."""
    found: list[list[str]] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: found.append([each.text() for each in menu.actions()]))
    return found


def _ask_for_menu(widget: QWidget, at: QPoint | None = None) -> None:
    place = widget.rect().center() if at is None else at
    QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place)))


def _pens(desk: Desk) -> list[str]:
    page = desk.window.area.trend_page
    return [] if page is None else [pen.tag.name for pen in page.model.pens]


@pytest.mark.parametrize(
    ("button", "keys"),
    [
        (Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier),
    ],
)
def test_a_value_opens_its_trend(desk: Desk, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    desk.window.open_page("river-pumps")
    tag = next(each.item.item.tag for each in desk.window.area.view.hotspots if each.item.item.tag)  # type: ignore[union-attr]
    QTest.mouseClick(_hotspot(desk, tag=tag), button, keys)
    assert _pens(desk) == [tag]
    assert not desk.window.area.faceplates
    desk.settle()


def test_a_left_click_still_opens_the_faceplate(desk: Desk) -> None:
    desk.window.open_page("river-pumps")
    QTest.mouseClick(_hotspot(desk, opens=PUMP), Qt.MouseButton.LeftButton)
    assert [each.equipment.name for each in desk.window.area.faceplates] == [PUMP]


def test_a_symbol_opens_the_trend_of_its_measurements_and_states(desk: Desk) -> None:
    desk.window.open_page("river-pumps")
    view = desk.window.area.view
    assert view is not None
    symbol = next(each for each in view.hotspots if each.item.opens == PUMP and not each.item.item.tag)
    QTest.mouseClick(symbol, Qt.MouseButton.MiddleButton)
    assert FLOW in _pens(desk)
    assert f"{PUMP}.RUN" in _pens(desk)
    desk.settle()


def test_the_menu_of_a_value_leads_to_faceplate_trend_and_name(desk: Desk, menus: list[list[str]]) -> None:
    desk.window.open_page("river-pumps")
    _ask_for_menu(_hotspot(desk, opens=PUMP))
    assert menus == [["Faceplate", "Trend", "Alarms of this", "Journal of this", "Copy tag name"]]


def test_a_link_has_no_menu(desk: Desk) -> None:
    desk.window.open_page("river-pumps")
    view = desk.window.area.view
    assert view is not None
    targets = [view._target(each.item) for each in view.hotspots if each.item.is_link]
    assert all(target == Target("", "", ()) for target in targets)


def test_the_actions_of_a_menu_do_what_they_say(desk: Desk) -> None:
    menu = item_menu(desk.window, desk.window, Target(PUMP, FLOW, (FLOW,)))
    faceplate, trend, *_, copy = menu.actions()
    copy.trigger()
    assert QApplication.clipboard().text() == FLOW
    faceplate.trigger()
    assert [each.equipment.name for each in desk.window.area.faceplates] == [PUMP]
    trend.trigger()
    assert _pens(desk) == [FLOW]
    desk.settle()


def test_what_makes_no_sense_is_absent(desk: Desk) -> None:
    menu = item_menu(desk.window, desk.window, Target("", "WTW.NOTE", ()))
    assert [action.text() for action in menu.actions()] == ["Alarms of this", "Journal of this", "Copy tag name"]


def test_a_faceplate_has_a_button_for_the_trend(desk: Desk) -> None:
    faceplate = desk.window.area.open_faceplate(PUMP)
    button = next(each for each in visible(faceplate, QPushButton) if each.accessibleName() == "Trend")
    button.click()
    assert FLOW in _pens(desk)
    assert not desk.window.area.faceplates
    desk.settle()


def test_a_value_of_a_faceplate_has_a_menu_and_a_trend_of_its_own(desk: Desk, menus: list[list[str]]) -> None:
    faceplate = desk.window.area.open_faceplate(PUMP)
    desk.tick()
    part = next(each for each in visible(faceplate, Part) if each.shown_tag == FLOW)
    at = part.mapTo(faceplate, part.rect().center())
    assert faceplate._target(at) == Target(PUMP, FLOW, (FLOW,))
    assert faceplate._target(QPoint(5, 5)).name == PUMP
    _ask_for_menu(faceplate, at)
    assert menus == [
        ["Faceplate", "Trend", "Alarms of this", "Journal of this", "Manual value", "Device", "Copy tag name"]
    ]
    QTest.mouseClick(faceplate, Qt.MouseButton.MiddleButton, Qt.KeyboardModifier.NoModifier, at)
    assert _pens(desk) == [FLOW]
    desk.settle()


def test_the_navigation_leads_to_the_trends(desk: Desk) -> None:
    desk.window.action_table["trends"].trigger()
    assert desk.window.page == "@trends"
    assert desk.window.area.trend_page is not None
