"""Tabs of the alarm page, what others put into it, and the choices of its filter."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QTabBar
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from hmi.alarm_list.columns import COLUMNS, CONSEQUENCE, COUNT, UNTIL, USUAL, WHY, names_on, widths_within
from hmi.alarm_list.page import AlarmsPage
from hmi.alarm_list.tabs import Tab
from hmi.shell.page import CONFIGURED, JOURNAL
from plant_models.alarm_definition import DIAGNOSTIC
from tests.fakes.alarms import alarm
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk

HOUR_US = 3_600_000_000
STATES = {
    "TK1.LEVEL.LL": AlarmState.UNACK,
    "RPS.P1.FLT.state": AlarmState.ACKED,
    "RPS.P1.VIB.H": AlarmState.RTNUN,
    "RPS.P2.VIB.H": AlarmState.LATAK,
    "TK1.LEVEL.L": AlarmState.SHLVD,
    "TK1.LEVEL.H": AlarmState.DSUPR,
    "RPS.P1.FLOW.H": AlarmState.OOSRV,
}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(wall_us=1_795_980_069_000_000)


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    with open_desk(clock=clock) as desk:
        yield desk


@pytest.fixture
def page(desk: Desk) -> AlarmsPage:
    plant, now_us = desk.station.plant, desk.station.clock.wall_us()
    rows = [
        alarm(plant, name, state=state, active_us=now_us - at * HOUR_US)
        for at, (name, state) in enumerate(STATES.items())
    ]
    desk.station.put_alarms(rows)
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


def _names(page: AlarmsPage) -> set[str]:
    return {row.name for row in page.table.alarms}


def _counts(page: AlarmsPage) -> list[str]:
    return [each.text() for each in page.tabs.findChildren(QLabel) if each.property("role") == "chip"]


@pytest.mark.parametrize("tab", [Tab.UNACKNOWLEDGED, Tab.ACTIVE, Tab.SHELVED, Tab.SUPPRESSED, Tab.OUT_OF_SERVICE])
def test_a_tab_shows_the_alarms_in_its_states_and_counts_them(page: AlarmsPage, qtbot: QtBot, tab: Tab) -> None:
    at = list(Tab).index(tab)
    place = page.tabs.bar.tabRect(at).center() - QPoint(20, 0)
    qtbot.mouseClick(page.tabs.bar, Qt.MouseButton.LeftButton, pos=place)
    wanted = {name for name, state in STATES.items() if state in tab.value}
    assert page.tabs.tab is tab
    assert _names(page) == wanted
    assert page.tabs.bar.tabToolTip(at).endswith(f"{len(wanted)} alarms")


def test_the_counts_are_those_of_all_alarms_and_unknown_while_none_are_evaluated(desk: Desk, page: AlarmsPage) -> None:
    assert sorted(_counts(page)) == sorted(["4", "2", "2", "1", "1", "1"])
    desk.station.put_alarms([], is_evaluated=False)
    desk.tick(5)
    assert _counts(page) == ["?"] * 6


def test_what_is_put_aside_stands_below_the_current_alarms_unless_somebody_leaves_it_out(
    desk: Desk, page: AlarmsPage
) -> None:
    assert _names(page) == STATES.keys()
    page.view_menu.switches["has_aside"].trigger()
    assert len(_names(page)) == 4
    assert any("3 put aside, not shown here." in text for text in desk.texts())


@pytest.mark.parametrize("tab", [Tab.SHELVED, Tab.SUPPRESSED, Tab.OUT_OF_SERVICE])
def test_the_tabs_of_what_is_put_aside_say_until_when_and_why(desk: Desk, page: AlarmsPage, tab: Tab) -> None:
    (shown,) = (row for row in desk.station.alarms.rows if row.state in tab.value)
    why = {"rule": "{RPS.P1.RUN} == 0"} if tab is Tab.SUPPRESSED else {"aside_by": "kim", "aside_why": "Hatch repaired"}
    desk.station.put_alarms([replace(shown, **why)])
    page.tabs.choose(tab)
    desk.tick(5)
    words = "River pump 1: Running is Stopped" if tab is Tab.SUPPRESSED else "kim: Hatch repaired"
    assert page.table.index(0, WHY).data() == words
    hidden = [page.view.isColumnHidden(at) for at in (WHY, UNTIL, CONSEQUENCE, COUNT)]
    assert hidden == [False, tab is Tab.SUPPRESSED, True, True]
    assert page.view.columnWidth(WHY) > COLUMNS[WHY].width
    assert "Time to consequence" in [box.text() for box in page.view_menu.columns.actions()]
    page.tabs.choose(Tab.CURRENT)
    assert [page.view.isColumnHidden(at) for at in (WHY, COUNT)] == [True, False]


@pytest.mark.parametrize(
    ("room", "has_until", "has_why"), [(1200, True, True), (790, False, True), (534, False, False)]
)
def test_why_something_is_put_aside_is_left_out_last(room: int, has_until: bool, has_why: bool) -> None:
    kept = widths_within(room, names_on(Tab.SHELVED, USUAL), is_aside=True)
    assert (UNTIL in kept, WHY in kept) == (has_until, has_why)
    assert sum(kept.values()) <= room


def test_keys_go_from_tab_to_tab_past_the_one_that_leads_elsewhere(page: AlarmsPage, qtbot: QtBot) -> None:
    for key, tab in ((Qt.Key.Key_PageDown, Tab.UNACKNOWLEDGED), (Qt.Key.Key_PageUp, Tab.CURRENT)):
        qtbot.keyClick(page.view, key, Qt.KeyboardModifier.ControlModifier)
        assert page.tabs.tab is tab
    qtbot.keyClick(page.view, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert page.tabs.tab is Tab.OUT_OF_SERVICE


def test_history_opens_the_journal_and_leaves_the_tab(desk: Desk, page: AlarmsPage) -> None:
    page.tabs.bar.setCurrentIndex(len(Tab))
    assert desk.window.page == JOURNAL
    assert page.tabs.tab is Tab.CURRENT


def test_configured_opens_its_page_and_leaves_the_tab(desk: Desk, page: AlarmsPage) -> None:
    page.tabs.bar.setCurrentIndex(len(Tab) + 1)
    assert desk.window.page == CONFIGURED
    assert page.tabs.tab is Tab.CURRENT


def test_the_corner_stands_at_the_right_of_the_tabs(desk: Desk, page: AlarmsPage) -> None:
    mark = QLabel("Alarm flood")
    page.set_corner(mark)
    desk.tick()
    assert mark.isVisible()
    assert mark.mapTo(page, mark.rect().topLeft()).x() > page.width() / 2


class _Tiles(QLabel):
    area_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__("Tiles")
        self.chosen: list[str] = []
        self.lows: list[bool] = []

    def set_low(self, is_low: bool) -> None:
        self.lows.append(is_low)

    def set_chosen(self, area: str) -> None:
        self.chosen.append(area)


def test_the_tiles_filter_by_area_and_are_told_which_is_chosen(desk: Desk, page: AlarmsPage) -> None:
    tiles = _Tiles()
    page.set_tiles(tiles)
    area = next(row.area for row in page.table.alarms if row.tag == "TK1.LEVEL")
    tiles.area_wanted.emit(area)
    assert tiles.chosen[-1] == area
    assert page.filter_bar.filter.areas == {area}
    outside = {name for name in _names(page) if not name.startswith("TK")}
    assert outside == {"RPS.P1.FLT.state"}, "priority 2 passes every filter"
    tiles.area_wanted.emit("")
    assert tiles.chosen[-1] == ""
    assert _names(page) == STATES.keys()
    for height in (720, 1080):
        desk.window.resize(1280, height)
        desk.tick()
    assert (tiles.lows[0], tiles.lows[-1]) == (True, False)


def test_an_area_brings_those_that_are_part_of_it(qtbot: QtBot) -> None:
    plant = demo_plant()
    whole, part, other = plant.areas[:3]
    parts = (whole, replace(part, parent=whole.name), replace(other, parent="unknown"))
    with open_desk(plant=replace(plant, areas=parts)) as desk:
        desk.window.show_alarms()
        page = desk.window.area.alarms_page
        assert page is not None
        page.filter_bar.choose_area(whole.name)
        assert page.filter_bar.menu.areas == {whole.name, part.name}
        assert page.filter_bar.menu.area == whole.name
        page.filter_bar.choose_area(part.name)
        assert page.filter_bar.menu.areas == {part.name}


def test_states_and_times_are_chosen_in_the_menu_and_said_on_paper(
    desk: Desk, page: AlarmsPage, clock: ManualClock
) -> None:
    boxes = {action.text(): action for action in page.filter_bar.menu.actions()}
    boxes["In the last 8 hours"].trigger()
    assert page.filter_bar.words == "Filter: In the last 8 hours"
    assert page.filter_bar.more.isChecked()
    boxes["Unack, returned"].trigger()
    urgent = {row.name for row in page.table.alarms if row.priority <= 2}
    assert _names(page) == {"RPS.P1.VIB.H", *urgent}
    page.filter_bar.buttons[4].click()
    assert page.filter_bar.words == "Filter: Unack, returned, In the last 8 hours, without priority 4"
    diagnostic = page.filter_bar.buttons[DIAGNOSTIC]
    assert diagnostic.accessibleName() == diagnostic.toolTip() == "Show or leave out diagnostic alarms"
    diagnostic.click()
    assert page.filter_bar.words.endswith("without priority 4, without diagnostic ones")
    diagnostic.click()
    clock.advance(7 * 3600)
    desk.tick(10)
    assert _names(page) == urgent, "time goes on"
    boxes["More than 24 hours ago"].trigger()
    assert page.filter_bar.filter.before_us is not None
    page.filter_bar.clear()
    assert page.filter_bar.words == ""
    assert not page.filter_bar.more.isChecked()


def test_the_button_opens_the_menu_of_the_filter(page: AlarmsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr(page.filter_bar.menu, "popup", opened.append)
    page.filter_bar.more.click()
    assert len(opened) == 1
    assert not page.filter_bar.more.isChecked()


def test_an_empty_tab_says_of_what_there_is_none(desk: Desk, page: AlarmsPage) -> None:
    desk.station.put_alarms([])
    desk.tick(5)
    page.tabs.choose(Tab.SHELVED)
    assert "No alarm is shelved." in desk.texts()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down])
def test_a_key_leads_from_the_filter_to_the_rows(page: AlarmsPage, qtbot: QtBot, key: Qt.Key) -> None:
    page.filter_bar.field.setFocus()
    qtbot.keyClicks(page.filter_bar.field, "pump")
    qtbot.keyClick(page.filter_bar.field, key)
    assert page.view.hasFocus()
    assert page.filter_bar.field.text() == "pump"


def test_that_alarms_are_not_evaluated_stands_on_every_tab(page: AlarmsPage, desk: Desk) -> None:
    row = replace(page.table.alarms[0], name="", priority=1)
    desk.station.put_alarms([row], is_evaluated=False)
    desk.tick(5)
    for tab in Tab:
        page.tabs.choose(tab)
        assert len(page.table.alarms) == 1


def test_the_bar_of_tabs_never_makes_the_page_wider(page: AlarmsPage) -> None:
    assert page.tabs.minimumSizeHint().width() == 0
    assert isinstance(page.tabs.bar, QTabBar)
