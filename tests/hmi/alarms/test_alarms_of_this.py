"""Alarms and events of one piece of equipment or tag: by exact names, said in a chip that a click takes away."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from hmi.alarm_journal.page import JournalView
from hmi.alarm_list.page import AlarmsPage
from hmi.alarms.subject import subject_of
from tests.fakes.alarms import alarm, journal
from tests.fakes.desk import Desk, demo_plant, open_desk, visible

PUMP, STATION = "RPS.P1", "RPS"
VIBRATION, FLOW, OTHER, TANK = "RPS.P1.VIB.H", "RPS.P1.FLOW.H", "RPS.P2.VIB.H", "TK1.LEVEL.H"
URGENT = "TK1.LEVEL.LL"


def _raise(desk: Desk, *names: str) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, name, state=AlarmState.UNACK) for name in names])
    desk.tick(5)


def _alarms_of(desk: Desk, name: str) -> AlarmsPage:
    desk.window.open_alarms_of(name)
    desk.tick(3)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


def _shown(page: AlarmsPage) -> set[str]:
    return {row.name for row in page.table.alarms}


def _journal_of(desk: Desk, name: str) -> JournalView:
    desk.window.open_journal_of(name)
    (view,) = visible(desk.window, JournalView)
    view.bar.spans.buttons()[-1].click()
    desk.tick(6)
    desk.settle()
    return view


def test_a_parent_brings_its_parts_and_theirs() -> None:
    found = subject_of(demo_plant(), "WTW")
    assert {"WTW", "RAW", "RAW.P1", "FLT.F1"} <= found.equipment
    assert "RPS" not in found.equipment
    assert subject_of(demo_plant(), "RAW.P1").equipment == {"RAW.P1"}


def test_a_tag_is_only_itself() -> None:
    found = subject_of(demo_plant(), "RPS.P1.FLOW")
    assert (found.tags, found.equipment, found.words) == ({"RPS.P1.FLOW"}, frozenset(), "Tag: RPS.P1.FLOW")


def test_equipment_without_tags_finds_nothing_rather_than_everything() -> None:
    plant = demo_plant()
    tagged = {tag.equipment for tag in plant.tags}
    bare = [name for name in plant.equipment if name not in tagged]
    assert all(subject_of(plant, name).tags for name in [*bare, "unknown"])


def test_alarms_of_a_pump_are_not_those_of_its_neighbour(desk: Desk) -> None:
    _raise(desk, VIBRATION, FLOW, OTHER, TANK)
    page = _alarms_of(desk, PUMP)
    assert _shown(page) == {VIBRATION, FLOW}
    assert f"Equipment: {PUMP}" in desk.texts()
    assert any("2 of 4 alarms" in text for text in desk.texts())


def test_alarms_of_a_station_are_those_of_its_pumps(desk: Desk) -> None:
    _raise(desk, VIBRATION, OTHER, TANK)
    assert _shown(_alarms_of(desk, STATION)) == {VIBRATION, OTHER}


def test_a_name_in_a_text_is_no_match(desk: Desk) -> None:
    row = alarm(desk.station.plant, TANK, text=f"Level high, see {PUMP}")
    desk.station.put_alarms([row])
    desk.tick(5)
    assert _shown(_alarms_of(desk, PUMP)) == set()


def test_what_is_urgent_elsewhere_is_shown_and_said(desk: Desk) -> None:
    _raise(desk, VIBRATION, OTHER, URGENT)
    assert _shown(_alarms_of(desk, PUMP)) == {VIBRATION, URGENT}
    assert any("2 of 3 alarms" in text and "1 shown for that reason" in text for text in desk.texts())


def test_where_room_is_short_the_chip_is_shortened_and_says_all_in_its_tool_tip(qtbot: QtBot) -> None:
    with open_desk(size=(1024, 640)) as desk:
        _raise(desk, VIBRATION)
        page = _alarms_of(desk, PUMP)
        chip = page.filter_bar.chip
        assert chip.text().strip() == PUMP
        assert f"Equipment: {PUMP}" in chip.toolTip()
        assert page.width() <= desk.window.width() - 60


@pytest.mark.parametrize("is_key", [False, True])
def test_the_chip_is_taken_away_by_a_click_or_by_escape(desk: Desk, qtbot: QtBot, is_key: bool) -> None:
    _raise(desk, VIBRATION, OTHER)
    page = _alarms_of(desk, PUMP)
    if is_key:
        qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    else:
        qtbot.mouseClick(page.filter_bar.chip, Qt.MouseButton.LeftButton)
    assert _shown(page) == {VIBRATION, OTHER}
    assert not page.filter_bar.chip.isVisible()


def test_a_new_question_forgets_the_old_filter(desk: Desk) -> None:
    _raise(desk, VIBRATION, FLOW, OTHER)
    page = _alarms_of(desk, PUMP)
    page.filter_bar.field.setText("vibration")
    page.filter_bar.buttons[3].click()
    assert _shown(_alarms_of(desk, "RPS.P2")) == {OTHER}


def test_the_journal_of_a_pump_has_its_events_only(desk: Desk, qtbot: QtBot) -> None:
    plant = desk.station.plant
    rows = [alarm(plant, VIBRATION), alarm(plant, OTHER), alarm(plant, TANK, text=f"Like {PUMP}")]
    desk.station.journal_rows = journal(rows)
    view = _journal_of(desk, PUMP)
    assert [row.alarm for row in view.table.rows] == [VIBRATION]
    assert view.bar.chip.text().strip() == f"Equipment: {PUMP}"
    qtbot.mouseClick(view.bar.chip, Qt.MouseButton.LeftButton)
    desk.tick(6)
    desk.settle()
    assert len(view.table.rows) == 3
    assert not view.bar.chip.isVisible()


def test_the_journal_of_a_station_has_the_events_of_its_pumps(desk: Desk) -> None:
    desk.station.journal_rows = journal([alarm(desk.station.plant, name) for name in (VIBRATION, OTHER, TANK)])
    assert {row.alarm for row in _journal_of(desk, STATION).table.rows} == {VIBRATION, OTHER}
