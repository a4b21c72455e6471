"""The search opens displays and equipment by any part of their names."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from hmi.shell.page import DEVICES
from tests.fakes.desk import Desk, open_desk

# Off-screen there is nothing to grab; the list of hits is a pop-up and asks for it.
pytestmark = pytest.mark.qt_log_ignore("grabbing the keyboard", r"support raise\(\)", extend=True)


@pytest.mark.parametrize(
    ("typed", "equipment", "page"),
    [
        ("rps.p2", "RPS.P2", "river-pumps"),
        ("River pump 1", "RPS.P1", "river-pumps"),
        ("tank 3", "TK3", "tanks"),
        ("junction 131", "J.131", "network"),
    ],
)
def test_equipment_is_found_by_tag_or_words_and_its_faceplate_opens_on_its_own_display(
    desk: Desk, qtbot: QtBot, typed: str, equipment: str, page: str
) -> None:
    desk.window.show_devices()
    desk.window.search()
    qtbot.keyClicks(desk.window.top_bar.search, typed)
    qtbot.keyClick(desk.window.top_bar.search, Qt.Key.Key_Return)
    desk.tick()
    assert desk.window.page == page
    assert [each.equipment.name for each in desk.window.area.faceplates] == [equipment]
    assert desk.window.top_bar.search.text() == ""


def test_a_display_is_found_by_its_title(desk: Desk, qtbot: QtBot) -> None:
    desk.window.show_devices()
    desk.window.search()
    qtbot.keyClicks(desk.window.top_bar.search, "river pump st")
    qtbot.keyClick(desk.window.top_bar.search, Qt.Key.Key_Return)
    assert desk.window.page == "river-pumps"
    assert desk.window.area.faceplates == ()


@pytest.mark.parametrize("typed", ["", "   ", "no such thing", "*", "("])
def test_what_is_not_found_opens_nothing(desk: Desk, qtbot: QtBot, typed: str) -> None:
    desk.window.show_devices()
    desk.window.search()
    qtbot.keyClicks(desk.window.top_bar.search, typed)
    qtbot.keyClick(desk.window.top_bar.search, Qt.Key.Key_Return)
    desk.tick()
    assert desk.window.page == DEVICES
    assert desk.window.area.faceplates == ()


def test_a_key_leads_to_the_field_and_escape_away_from_it(desk: Desk, qtbot: QtBot) -> None:
    search = desk.window.top_bar.search
    with qtbot.waitActive(desk.window):
        desk.window.activateWindow()
    qtbot.keyClick(desk.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert search.window().focusWidget() is search
    desk.window.area.open_faceplate("RPS.P1")
    qtbot.keyClicks(search, "abc")
    search.completer().popup().hide()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert search.window().focusWidget() is not search


def test_in_a_small_window_the_field_takes_the_place_of_its_icon_while_it_is_used(qtbot: QtBot) -> None:
    with open_desk(size=(1280, 720)) as desk:
        search = desk.window.top_bar.search
        assert not search.isVisible()
        desk.window.search()
        assert search.isVisible()
        qtbot.keyClick(search, Qt.Key.Key_Escape)
        assert not search.isVisible()


def test_the_list_of_hits_is_gone_after_enter(desk: Desk, qtbot: QtBot) -> None:
    search = desk.window.top_bar.search
    desk.window.search()
    qtbot.keyClicks(search, "RPS.P1")
    popup = search.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: search.text() == "")
    assert not popup.isVisible()
    assert [each.equipment.name for each in desk.window.area.faceplates] == ["RPS.P1"]
