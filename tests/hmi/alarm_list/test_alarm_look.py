"""How the list looks and what of it moves by itself: columns, sizes, two tables, groups, live values, scrolling."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.columns import (
    ACKED_BY,
    AGE,
    AREA,
    COLUMNS,
    CONSEQUENCE,
    FIRST_OUT,
    GLYPH,
    LIMIT,
    NOTE,
    STATE,
    TAG,
    TEXT,
    TIME,
    TRIP,
    UNTIL,
    VALUE,
    cell_of,
    tip_of,
)  # fmt: skip
from hmi.alarm_list.page import AlarmsPage
from hmi.preferences.list_look import ListLook, sensible_look
from plant_models.quality import Quality
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk
from tests.fakes.pixels import pixels_of

TRIP_NAME, VIBRATION, LEVEL, HIGH = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "TK1.LEVEL.LL", "TK1.LEVEL.H"
NOW_US = 1_795_980_069_000_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(wall_us=NOW_US)


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    with open_desk(clock=clock) as desk:
        yield desk


def _rows(*names: str, **settings: object) -> list[AlarmRow]:
    return [alarm(demo_plant(), name, active_us=NOW_US - 5_000_000, **settings) for name in names]


def _page(desk: Desk, rows: list[AlarmRow]) -> AlarmsPage:
    desk.station.put_alarms(rows)
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    return page


def _look(desk: Desk, **settings: object) -> None:
    desk.window.context.preferences.choose_alarm_list(ListLook(**settings))
    desk.tick()


def _put_causes(desk: Desk, rows: list[AlarmRow], causes: dict[str, str]) -> None:
    desk.station.put_alarms(rows)
    desk.station._shown = replace(desk.station.alarms, causes=causes)
    desk.tick(5)


def _names(page: AlarmsPage) -> list[str]:
    return [row.name for row in page.table.alarms]


def test_columns_are_chosen_and_remembered(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL))
    boxes = {box.text(): box for box in page.view_menu.columns.actions()}
    boxes["Acknowledged by"].trigger()
    boxes["Area"].trigger()
    chosen = desk.window.context.preferences.chosen.alarm_list.columns
    assert chosen is not None
    assert "acked_by" in chosen
    assert "area" not in chosen
    page.toggle_details()
    desk.tick()
    assert not page.view.isColumnHidden(ACKED_BY)
    assert page.view.isColumnHidden(AREA)
    page.view_menu.usual.trigger()
    assert desk.window.context.preferences.chosen.alarm_list == ListLook()


def test_a_chosen_column_without_room_says_so(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL))
    _look(desk, columns=tuple(column.name for column in COLUMNS if column.name))
    texts = {box.text() for box in page.view_menu.columns.actions()}
    assert "Acknowledged by (no room)" in texts
    assert "Value now" in texts


@pytest.mark.parametrize(
    ("look", "height"), [({}, 36), ({"is_tall": True}, 46), ({"size": 20}, 48), ({"size": 13}, 36)]
)
def test_rows_are_as_high_as_they_are_wanted(desk: Desk, look: dict[str, object], height: int) -> None:
    page = _page(desk, _rows(LEVEL, TRIP_NAME))
    _look(desk, **look)
    assert page.view.rowHeight(0) == height
    assert pixels_of(page.view).std() > 5


def test_the_text_grows_and_shrinks_by_keys_within_limits(desk: Desk, qtbot: QtBot) -> None:
    page = _page(desk, _rows(LEVEL))
    for _ in range(5):
        qtbot.keyClick(page.view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.context.preferences.chosen.alarm_list.size == 13
    assert not page.view_menu.smaller.isEnabled()
    qtbot.keyClick(page.view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.context.preferences.chosen.alarm_list.size == 15


@pytest.mark.parametrize(
    ("data", "look"),
    [
        (None, ListLook()),
        ({"size": 14, "columns": "time", "is_tall": 1}, ListLook()),
        ({"size": 20, "columns": ["time", 3], "is_parted": True}, ListLook(("time",), 20, is_parted=True)),
    ],
)
def test_what_makes_no_sense_in_the_file_is_left_out(data: object, look: ListLook) -> None:
    assert sensible_look(data) == look


def test_a_parted_list_has_what_is_acknowledged_in_a_table_of_its_own(desk: Desk, clock: ManualClock) -> None:
    rows = [*_rows(LEVEL, TRIP_NAME), *_rows(VIBRATION, HIGH, state=AlarmState.ACKED)]
    page = _page(desk, rows)
    page.view_menu.switches["is_parted"].trigger()
    desk.tick()
    card = page.card
    assert card.lower_view.isVisible()
    assert _names(page) == [LEVEL, TRIP_NAME]
    assert {row.name for row in card.lower_table.alarms} == {VIBRATION, HIGH}
    assert card.view.columnWidth(TEXT) == card.lower_view.columnWidth(TEXT)
    clock.advance(0.6)
    desk.tick()
    card.view.selectRow(0)
    card.lower_view.selectRow(0)
    card.lower_view.setFocus()
    assert len(card.chosen()) == 2
    assert len(card.on_screen()) == 4
    assert card.active_view is card.lower_view
    page.acknowledge_selected()
    desk.settle()
    assert [seen.name for seen in desk.station.acknowledged] == [LEVEL]
    assert any("4 of 4 alarms" in text for text in desk.texts())
    page.view_menu.switches["is_parted"].trigger()
    assert not card.lower_view.isVisible()
    assert card.lower_table.alarms == []
    assert len(_names(page)) == 4


def test_what_an_alarm_explains_is_unfolded_by_keys_and_by_a_click(desk: Desk, qtbot: QtBot) -> None:
    rows = _rows(LEVEL, VIBRATION, "RPS.P2.VIB.H", HIGH)
    page = _page(desk, rows)
    _put_causes(desk, rows, {VIBRATION: LEVEL, "RPS.P2.VIB.H": LEVEL})
    assert _names(page) == [LEVEL, HIGH]
    assert any("2 folded away below their cause." in text for text in desk.texts())
    page.view.selectRow(0)
    qtbot.keyClick(page.view, Qt.Key.Key_Right)
    assert len(_names(page)) == 4
    assert pixels_of(page.view).std() > 5
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    qtbot.keyClick(page.view, Qt.Key.Key_Left)
    assert page.view.currentIndex().row() == 0, "first to the cause"
    qtbot.keyClick(page.view, Qt.Key.Key_Left)
    qtbot.keyClick(page.view, Qt.Key.Key_Left)
    assert len(_names(page)) == 2
    rect = page.view.visualRect(page.table.index(0, TEXT))
    qtbot.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.topLeft() + QPoint(16, 18))
    assert len(_names(page)) == 4
    page.view_menu.switches["is_grouped"].trigger()
    assert _names(page)[-1] != LEVEL
    assert len(_names(page)) == 4
    assert page.table.place(rows[1]).depth == 0


def test_what_is_folded_away_is_never_acknowledged_with_its_cause(desk: Desk, clock: ManualClock) -> None:
    rows = _rows(LEVEL, VIBRATION)
    page = _page(desk, rows)
    _put_causes(desk, rows, {VIBRATION: LEVEL})
    clock.advance(600)
    desk.tick(2)
    clock.advance(0.6)
    desk.tick(2)
    page.view.selectAll()
    page.acknowledge_selected()
    page.acts.acknowledge_all()
    desk.settle()
    # Before it was folded away it stood on screen, but for too short a time to be read.
    assert {seen.name for seen in desk.station.acknowledged} == {LEVEL}


def test_live_values_follow_the_plant_and_never_look_good_when_they_are_not(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL))
    index = page.table.index(0, VALUE)
    before = index.data()
    painted = pixels_of(page.view)
    desk.station.put({"TK1.LEVEL": 12.5})
    desk.tick(6)
    assert index.data() != before
    assert index.data().startswith("12.5")
    assert (pixels_of(page.view) != painted).any()
    desk.station.put({"TK1.LEVEL": 12.5}, Quality.BAD)
    desk.tick(6)
    assert index.data().startswith("?")


def test_an_alarm_without_a_tag_has_no_live_value(desk: Desk) -> None:
    page = _page(desk, [replace(_rows(TRIP_NAME)[0], tag="")])
    assert page.table.index(0, VALUE).data() == ""
    assert pixels_of(page.view).std() > 5


def test_ages_grow_and_times_of_day_become_dates(desk: Desk, clock: ManualClock) -> None:
    page = _page(desk, _rows(LEVEL))
    age, time = page.table.index(0, AGE), page.table.index(0, TIME)
    assert age.data() == "5 s"
    clock.advance(30)
    desk.tick(10)
    assert age.data() == "35 s"
    assert ":" in time.data()
    clock.advance(86_400)
    desk.tick(10)
    assert ":" not in time.data()


def test_the_time_to_a_consequence_is_shown_sorted_by_and_goes_on(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL, TRIP_NAME))
    seconds = {LEVEL: 5400, TRIP_NAME: 1380}
    page.set_consequences(seconds.get)
    page.toggle_details()
    desk.tick()
    assert not page.view.isColumnHidden(CONSEQUENCE)
    assert page.table.index(0, CONSEQUENCE).data() == "1 h 30 min"
    page.view.horizontalHeader().sectionClicked.emit(CONSEQUENCE)
    assert _names(page) == [TRIP_NAME, LEVEL]
    seconds[TRIP_NAME] = 9000
    desk.tick(10)
    assert _names(page) == [LEVEL, TRIP_NAME]


def test_a_click_on_a_head_sorts_and_the_foot_says_by_what(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL, TRIP_NAME, VIBRATION))
    head = page.view.horizontalHeader()
    head.sectionClicked.emit(TAG)
    assert [row.tag for row in page.table.alarms] == ["RPS.P1.FLT", "RPS.P1.VIB", "TK1.LEVEL"]
    assert page.table.headerData(TAG, Qt.Orientation.Horizontal) == "Tag ↓"
    head.sectionClicked.emit(TAG)
    assert page.table.alarms[0].tag == "TK1.LEVEL"
    assert any("Order: Tag." in text for text in desk.texts())
    page.view_menu.order_wanted.emit(replace(page.table.choice.order, column=None, is_reversed=False))
    assert _names(page)[0] == LEVEL
    orders = [action for action in page.view_menu._orders.actions() if action.isChecked()]
    assert [action.text() for action in orders] == ["State, priority, newest"]
    next(action for action in page.view_menu._orders.actions() if action.data() == TAG).trigger()
    assert page.table.choice.order.column == TAG


def test_the_order_stays_while_rows_change(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL, TRIP_NAME))
    page.view.horizontalHeader().sectionClicked.emit(TAG)
    desk.station.put_alarms(_rows(LEVEL, TRIP_NAME, VIBRATION))
    desk.tick(5)
    assert [row.tag for row in page.table.alarms] == ["RPS.P1.FLT", "RPS.P1.VIB", "TK1.LEVEL"]


def test_a_large_selection_stays_with_its_alarms_in_a_flood(desk: Desk) -> None:
    rows = many_alarms(desk.station.plant, 300)
    page = _page(desk, rows)
    page.view.selectAll()
    chosen = {row.name for row in page.view.chosen()}
    desk.station.put_alarms(many_alarms(desk.station.plant, 500)[20:])
    desk.tick(5)
    assert {row.name for row in page.view.chosen()} == chosen - {row.name for row in rows[:20]}


def test_an_anchor_that_is_gone_leaves_the_list_where_it_is(desk: Desk) -> None:
    rows = many_alarms(desk.station.plant, 300)
    page = _page(desk, rows)
    bar = page.view.verticalScrollBar()
    bar.setValue(2000)
    top = page.table.alarms[page.view.rowAt(0)]
    desk.station.put_alarms([row for row in rows if row.name != top.name])
    desk.tick(5)
    assert bar.value() > 0
    page.card.view.anchor.go_to_top()
    assert bar.value() == 0


def test_an_alarm_is_chosen_by_its_name(desk: Desk) -> None:
    page = _page(desk, many_alarms(desk.station.plant, 300))
    last = page.table.alarms[-1]
    page.view.choose(last.name)
    assert page.view.current_alarm() == last
    assert last in page.view.on_screen()
    page.view.choose("nothing like this")
    assert page.view.current_alarm() == last


def test_cells_and_tips_say_what_is_known(desk: Desk) -> None:
    row = _rows(LEVEL, state=AlarmState.SHLVD, until_us=NOW_US + 60_000_000, note="Vent", first_out=1)[0]
    row = replace(row, aside_by="mo", aside_why="Being worked on", acked_by="ada", acked_us=NOW_US)
    context = desk.window.context
    cells = [cell_of(context, row, at) for at in range(len(COLUMNS))]
    assert cells[FIRST_OUT] == "1"
    assert cells[STATE] == f"Shelved to {cells[UNTIL]}"
    assert cells[ACKED_BY] == "ada"
    assert tip_of(context, row, NOTE) == "Vent"
    assert tip_of(context, row, FIRST_OUT) == "The first of its group"
    tip = tip_of(context, row, TRIP)
    assert "mo: Being worked on" in tip
    assert ".000" in tip, "milliseconds"
    tied = replace(row, first_out=2, until_us=NOW_US + 90_000_000_000, aside_by="", rule="{RPS.P1.RUN} == 0")
    assert cell_of(context, tied, FIRST_OUT) == "1 ="
    assert "Dec" in cell_of(context, tied, UNTIL) or "Nov" in cell_of(context, tied, UNTIL)
    assert tip_of(context, tied, FIRST_OUT) == "The first of its group, with others"
    assert "River pump 1: Running is Stopped" in tip_of(context, tied, TRIP)
    bare = replace(row, active_us=0)
    assert cell_of(context, bare, TIME) == cell_of(context, bare, AGE) == ""


def test_a_screen_reader_is_told_priority_and_state(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL))
    assert page.table.index(0, GLYPH).data(Qt.ItemDataRole.AccessibleTextRole) == "1, urgent, Unack, active"
    assert page.table.headerData(NOTE, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole) == "Comment"
    assert page.table.headerData(0, Qt.Orientation.Vertical) is None
    assert page.table.index(0, TAG).data(Qt.ItemDataRole.ToolTipRole)


def test_a_comment_and_what_is_aside_are_painted(desk: Desk) -> None:
    page = _page(desk, [*_rows(LEVEL), *_rows(HIGH, state=AlarmState.OOSRV)])
    plain = pixels_of(page.view)
    desk.station.put_alarms([*_rows(LEVEL, note="Vent"), *_rows(HIGH, state=AlarmState.OOSRV, description="")])
    _look(desk, is_tall=True)
    desk.tick(5)
    assert (pixels_of(page.view) != plain).any()


def test_in_another_unit_every_text_is_written_anew(desk: Desk) -> None:
    page = _page(desk, _rows("RPS.SUCTION.L"))
    index = page.table.index(0, LIMIT)
    before = index.data()
    desk.window.context.preferences.choose_unit("pressure", "kPa")
    assert index.data() != before


def test_a_list_without_consequences_sorts_by_them_as_it_can(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL, TRIP_NAME))
    page.view.horizontalHeader().sectionClicked.emit(CONSEQUENCE)
    assert _names(page) == [TRIP_NAME, LEVEL]
    page.commands["pause"].trigger()
    desk.tick(10)
    assert _names(page) == [TRIP_NAME, LEVEL]


def test_pictures_of_rows_are_kept_for_the_screen_only(desk: Desk) -> None:
    page = _page(desk, many_alarms(desk.station.plant, 300))
    for value in range(0, 6000, 700):
        page.view.verticalScrollBar().setValue(value)
        assert pixels_of(page.view).std() > 5
        on_screen = {page.table.alarms[at].name for at in page.view.visible_span()}
        assert page.view._strips._kept.keys() == on_screen


def test_with_nothing_to_step_back_from_nothing_happens(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL))
    page.step_back()
    assert _names(page) == [LEVEL]


def test_where_nothing_fits_the_buttons_take_their_smallest_form(desk: Desk) -> None:
    page = _page(desk, _rows(LEVEL))
    page.tools.fit(10)
    assert not page.tools.buttons["export"].isVisible()
    assert page.tools.buttons["more"].isVisible()


def test_a_plant_without_areas_is_filtered_by_states_and_times(qtbot: QtBot) -> None:
    with open_desk(plant=replace(demo_plant(), areas=())) as desk:
        page = _page(desk, _rows(LEVEL))
        texts = [action.text() for action in page.filter_bar.menu.actions()]
        assert "Area" not in texts
        assert "Shelved" in texts


def test_the_keyboard_is_seen_on_a_row_that_is_not_selected(desk: Desk, qtbot: QtBot) -> None:
    page = _page(desk, _rows(LEVEL, TRIP_NAME))
    page.view.setFocus()
    qtbot.keyClick(page.view, Qt.Key.Key_Home)
    page.view.selectRow(1)
    qtbot.keyClick(page.view, Qt.Key.Key_Space)
    assert page.view.chosen() == []
    with_mark = pixels_of(page.view)
    page.filter_bar.field.setFocus()
    assert (pixels_of(page.view) != with_mark).any()


def test_a_comment_without_a_column_of_its_own_is_marked_at_the_end_of_the_description(desk: Desk) -> None:
    page = _page(desk, [*_rows(LEVEL, note="the float sticks"), *_rows(HIGH)])
    assert page.view.isColumnHidden(NOTE), "beside the details there is no room"
    assert NOTE in page.view.told_widths()
    ends = [page.view.visualRect(page.table.index(at, TEXT)) for at in range(2)]
    marks = [
        pixels_of(page.view.viewport())[end.top() + 6 : end.bottom() - 6, end.right() - 22 : end.right() - 6]
        for end in ends
    ]
    assert [mark.std() > 5 for mark in marks] == [row.note != "" for row in page.table.alarms]
    assert "the float sticks" in {tip_of(desk.window.context, row, TEXT).splitlines()[-1] for row in page.table.alarms}
    _look(desk, columns=("time", "value"))
    assert NOTE not in page.view.told_widths()
