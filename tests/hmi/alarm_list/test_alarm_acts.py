"""Buttons, menus and keys of the alarm list: what they tell, of which rows, and who may."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from alarms.handling import AlarmAct
from alarms.states import AlarmState
from hmi.alarm_list.keys_sheet import KEYS, KeysSheet
from hmi.alarm_list.page import AlarmsPage
from hmi.i18n import PSEUDO
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.clock import ManualClock
from tests.fakes.desk import OPERATOR, Desk, open_desk

TRIP, VIBRATION, LEVEL = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "TK1.LEVEL.LL"
SUPERVISOR = replace(OPERATOR, roles=frozenset({"operator", "supervisor"}))


def _page(desk: Desk, *names: str) -> AlarmsPage:
    desk.station.put_alarms([alarm(desk.station.plant, name) for name in names or (LEVEL, TRIP, VIBRATION)])
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


@pytest.fixture
def told() -> list[tuple[Any, ...]]:
    return []


@pytest.fixture
def page(desk: Desk, told: list[tuple[Any, ...]]) -> AlarmsPage:
    page = _page(desk)
    page.shelve_wanted.connect(lambda rows, minutes: told.append(([row.name for row in rows], minutes)))
    page.aside_wanted.connect(lambda act, rows: told.append((act, [row.name for row in rows])))
    page.configure_wanted.connect(lambda name: told.append(("configure", name)))
    page.journal_wanted.connect(lambda name: told.append(("journal", name)))
    page.copy_wanted.connect(lambda text: told.append(("copy", text)))
    page.view.selectRow(0)
    return page


@pytest.mark.parametrize("minutes", [15, 60, 360, 720, 1440, None])
def test_the_menu_of_the_shelf_tells_rows_and_minutes(
    page: AlarmsPage, told: list[tuple[Any, ...]], minutes: int | None
) -> None:
    page.commands.spans[minutes].trigger()
    assert told == [([LEVEL], minutes)]


def test_its_key_asks_how_long(page: AlarmsPage, told: list[tuple[Any, ...]]) -> None:
    page.commands.shelve.menuAction().trigger()
    assert told == [([LEVEL], None)]


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("unshelve", AlarmAct.UNSHELVE),
        ("reset", AlarmAct.RESET),
        ("out_of_service", AlarmAct.OUT_OF_SERVICE),
        ("return_to_service", AlarmAct.RETURN_TO_SERVICE),
        ("comment", AlarmAct.COMMENT),
    ],
)
def test_an_act_is_told_with_the_selected_rows(
    page: AlarmsPage, told: list[tuple[Any, ...]], name: str, act: AlarmAct
) -> None:
    page.commands[name].trigger()
    assert told == [(act, [LEVEL])]


def test_configure_history_and_copy_name_the_alarm(page: AlarmsPage, told: list[tuple[Any, ...]]) -> None:
    for name in ("configure", "history_of", "copy"):
        page.commands[name].trigger()
    assert told == [("configure", LEVEL), ("journal", "TK1.LEVEL"), ("copy", LEVEL)]


def test_nothing_is_told_without_a_selection_but_that_there_is_none(
    desk: Desk, page: AlarmsPage, told: list[tuple[Any, ...]]
) -> None:
    page.view.clearSelection()
    page.commands["comment"].trigger()
    page.commands.spans[15].trigger()
    assert told == []
    assert any(text.startswith("No alarm is selected") for text in desk.texts())


def test_display_and_trend_go_where_the_alarm_comes_from(desk: Desk, page: AlarmsPage) -> None:
    display = page.view.chosen()[0].display
    page.commands["display"].trigger()
    assert desk.window.page == display
    desk.window.show_alarms()
    page.commands["trend"].trigger()
    assert desk.window.area.trend_page is not None
    desk.settle()


def test_an_alarm_without_a_tag_has_no_trend(desk: Desk) -> None:
    page = _page(desk)
    desk.station.put_alarms([replace(alarm(desk.station.plant, TRIP), tag="", equipment="")])
    desk.tick(5)
    page.view.selectRow(0)
    page.commands["trend"].trigger()
    assert desk.window.area.alarms_page is page


def test_guidance_opens_the_details(desk: Desk, page: AlarmsPage) -> None:
    page.toggle_details()
    page.commands["guidance"].trigger()
    assert page.details.isVisible()


@pytest.mark.parametrize(("session", "may"), [(OPERATOR, False), (SUPERVISOR, True)])
def test_only_a_supervisor_acknowledges_all_and_only_what_was_on_screen(qtbot: QtBot, session: Any, may: bool) -> None:
    clock = ManualClock()
    with open_desk(session=session, clock=clock) as desk:
        page = _page(desk)
        desk.station.put_alarms(many_alarms(desk.station.plant, 200))
        desk.tick(5)
        clock.advance(0.6)
        desk.tick()
        seen = {row.name for row in page.view.on_screen()}
        action = page.commands["ack_all"]
        assert action.isEnabled() is may
        action.trigger()
        desk.settle()
        assert {each.name for each in desk.station.acknowledged} == (seen if may else set())
        left = 200 - len(seen)
        assert (f"{len(seen)} of 200 acknowledged, {left} not on screen yet" in desk.texts()) is may


def test_the_menu_of_a_row_selects_it_and_acts_on_the_selection(
    desk: Desk, page: AlarmsPage, monkeypatch: pytest.MonkeyPatch, told: list[tuple[Any, ...]]
) -> None:
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: menus.append(menu))
    for row in (1, 1):
        place = page.view.visualRect(page.table.index(row, 3)).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, page.view.viewport().mapToGlobal(place))
        QApplication.sendEvent(page.view.viewport(), event)
    texts = [each.text() for each in menus[0].actions()]
    assert texts[:7] == [
        "Ack", "Shelve", "Comment…", "Guidance", "Display", "History of this alarm", "Configure…",
    ]  # fmt: skip
    _action(menus[1], "Comment…").trigger()
    assert told == [(AlarmAct.COMMENT, [TRIP])]


@pytest.mark.parametrize(("state", "word"), [("SHLVD", "Take off the shelf"), ("LATAK", "Reset")])
def test_the_menu_of_a_row_has_what_its_state_allows(page: AlarmsPage, state: str, word: str) -> None:
    assert word in [each.text() for each in page.commands.row_menu({AlarmState(state), AlarmState.UNACK})]
    assert word not in [each.text() for each in page.commands.row_menu({AlarmState.ACKED})]


def test_an_alarm_without_a_tag_has_a_menu_and_what_is_no_alarm_has_none(
    desk: Desk, page: AlarmsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: menus.append(menu))
    row = alarm(desk.station.plant, TRIP)
    desk.station.put_alarms([replace(row, name="", priority=1), replace(row, tag="", equipment="")])
    desk.tick(5)
    for at in (0, 1):
        page.view.selectRow(at)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1))
        QApplication.sendEvent(page.view, event)
    assert len(menus) == 1
    assert "Copy alarm name" in [each.text() for each in menus[0].actions()]


def test_buttons_with_a_menu_open_it(page: AlarmsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, at: opened.append(menu.accessibleName()))
    for name in ("shelve", "more", "view"):
        page.tools.buttons[name].click()
    assert opened == ["Shelve", "", "Columns, size, order"]


def test_more_has_what_has_no_button_at_every_width(page: AlarmsPage) -> None:
    texts = {each.text() for each in page.commands.more_menu().actions()}
    assert {"Reset", "Out of service…", "Return to service", "Take off the shelf", "Print…", "Keys"} <= texts
    assert {"Export as CSV…", "Display", "Trend", "Alarm details", "Shelve"} <= texts


def test_an_unknown_action_is_an_error(page: AlarmsPage) -> None:
    with pytest.raises(KeyError):
        page.commands["dance"]


def test_silence_has_a_button_where_the_shell_can(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    action, pressed = QAction("Silence", desk.window), []
    action.triggered.connect(lambda: pressed.append(True))
    actions = desk.window.action_table
    if actions.find("silence") is None:
        monkeypatch.setitem(actions._actions, "silence", action)
    page = AlarmsPage(desk.window.context, actions)
    qtbot.addWidget(page)
    assert "silence" in page.tools.buttons
    if actions.find("silence") is action:
        page.tools.buttons["silence"].click()
        assert pressed == [True]


@pytest.mark.parametrize("language", ["en", PSEUDO])
@pytest.mark.parametrize("width", [1024, 1280, 1500, 1920])
def test_the_buttons_fit_at_every_width_and_in_longer_words(qtbot: QtBot, width: int, language: str) -> None:
    with open_desk(size=(width, 720), language=language) as desk:
        page = _page(desk)
        desk.tick()
        shown = [each for each in page.tools.buttons.values() if each.isVisible()]
        assert page.tools.geometry().right() <= page.width()
        assert {"acknowledge", "shelve", "more"} <= {name for name, each in page.tools.buttons.items() if each in shown}
        for each in shown:
            assert each.accessibleName()
            needed = each.fontMetrics().horizontalAdvance(each.text())
            assert needed <= each.width(), each.text()
            assert each.mapTo(page.tools, each.rect().bottomRight()).x() <= page.tools.width()


def test_words_go_one_by_one_where_room_is_short(desk: Desk, page: AlarmsPage) -> None:
    tools = page.tools

    def worded(room: int) -> set[str]:
        tools.fit(room)
        return {name for name, each in tools.buttons.items() if each.text() and not each.isHidden()}

    steps = [worded(room) for room in range(3000, 300, -4)]
    counts = [len(each) for each in steps]
    assert counts == sorted(counts, reverse=True)
    assert set(counts) == set(range(10)), "one at a time"
    first = {len(each): each for each in steps}
    assert {"acknowledge", "acknowledge_visible", "silence", "shelve", "comment"} == first[5]
    assert {"acknowledge", "acknowledge_visible"} == first[2]


def test_the_keys_are_listed(desk: Desk, page: AlarmsPage) -> None:
    page.commands["keys"].trigger()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, KeysSheet)
    assert {"Ctrl+Shift+S", "Space", "Shift+F7"} <= set(desk.texts())
    assert len(KEYS) > 10


def test_a_menu_of_boxes_stays_open_while_they_are_ticked(page: AlarmsPage, qtbot: QtBot) -> None:
    menu = page.view_menu.columns
    menu.show()
    box = menu.actions()[1]
    was = box.isChecked()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(box).center())
    assert box.isChecked() is not was
    menu.setActiveAction(box)
    menu.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier))
    assert box.isChecked() is was
    assert menu.isVisible()
    menu.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier))
    assert not menu.isVisible()
    plain = page.view_menu
    plain.show()
    qtbot.mouseClick(plain, Qt.MouseButton.LeftButton, pos=plain.actionGeometry(plain.larger).center())
    assert not plain.isVisible()


def test_what_is_latched_or_aside_is_told_as_it_was_chosen(
    desk: Desk, page: AlarmsPage, told: list[tuple[Any, ...]]
) -> None:
    row = alarm(desk.station.plant, TRIP, state=AlarmState.LATAK)
    desk.station.put_alarms([row])
    desk.tick(5)
    page.view.selectAll()
    page.commands["reset"].trigger()
    assert told == [(AlarmAct.RESET, [TRIP])]


def _action(menu: QMenu, text: str) -> QAction:
    return next(each for each in menu.actions() if each.text() == text)
