"""The list of configured alarms: what it shows, how it is narrowed, what is done from it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from alarms.changing import AlarmChanges
from alarms.states import AlarmState
from hmi.alarm_editor.change_sheet import ChangeSheet
from hmi.alarm_editor.columns import COLUMNS, TEXT, widths_within
from hmi.alarm_editor.editor import EditSheet
from hmi.alarm_editor.new_sheet import NewAlarmSheet
from hmi.alarm_editor.page import ConfiguredPage
from hmi.alarm_editor.table import ALARM_ROLE
from plant_models.alarm_definition import DIAGNOSTIC, AlarmClass, AlarmDefinition, AlarmKind
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk
from tests.hmi.alarm_editor.conftest import configure

VIBRATION, TRIP = "RPS.P1.VIB.H", "RPS.P1.FLT.state"


def _page(desk: Desk) -> ConfiguredPage:
    desk.window.show_configured()
    desk.tick()
    page = desk.window.area.configured_page
    assert page is not None
    return page


def _change(desk: Desk, name: str, **settings: object) -> None:
    known = dict(desk.station.configured)
    known[name] = replace(known[name], definition=replace(known[name].definition, **settings))  # type: ignore[arg-type]
    desk.station.configured = known
    desk.station.alarm_version += "1"
    desk.station.put_alarms(desk.station.alarms.rows)
    desk.tick(5)


def _cells(page: ConfiguredPage, name: str) -> dict[str, str]:
    at = page.table.row_of(name)
    assert at is not None
    return {str(column.title): page.table.index(at, n).data() for n, column in enumerate(COLUMNS)}


def _names(page: ConfiguredPage) -> list[str]:
    return [each.name for each in page.table.shown]


def test_every_alarm_stands_there_with_its_settings_and_its_state(engineer: Desk) -> None:
    _change(engineer, VIBRATION, alarm_class=AlarmClass.PERMIT)
    page = _page(engineer)
    assert _names(page) == list(engineer.station.configured)
    cells = _cells(page, VIBRATION)
    assert cells["Tag"] == "RPS.P1.VIB"
    assert (cells["Kind"], cells["Limit"], cells["Deadband"]) == ("H", "4.5\u00a0mm/s", "0.3")
    assert (cells["Priority"], cells["Class"], cells["Area"]) == ("3", "Permit", "River pump station")
    assert (cells["State now"], cells["Enabled"], cells["Latching"], cells["Missing"]) == ("Normal", "Yes", "", "")
    assert _cells(page, TRIP)["Limit"] == "Tripped"
    engineer.station.put_alarms([alarm(engineer.station.plant, VIBRATION, state=AlarmState.ACKED)])
    engineer.tick(5)
    assert _cells(page, VIBRATION)["State now"] == "Acked, active"


@pytest.mark.parametrize(
    ("settings", "column", "words"),
    [
        ({"limit_tag": "RPS.P1.SPEED_SP", "limit": None}, "Limit", "RPS.P1.SPEED_SP"),
        ({"limit": None, "kind": AlarmKind.NO_UPDATE}, "Limit", "—"),
        ({"kind": AlarmKind.RATE, "limit": 2.0}, "Limit", "2.0\u00a0mm/s/min"),
        ({"on_delay_s": 0.0, "off_delay_s": 2.5}, "Delays", "0 / 2.5 s"),
        ({"on_delay_s": 0.0, "off_delay_s": 0.0}, "Delays", ""),
        ({"deadband": 0.0}, "Deadband", ""),
        ({"enabled": False}, "State now", "—"),
        ({"enabled": False}, "Enabled", "No"),
        ({"latching": True}, "Latching", "Yes"),
        ({"priority": DIAGNOSTIC}, "Priority", "Diag."),
        ({"action": "", "respond_min": None}, "Missing", "action, time to respond"),
        ({"action": "", "priority": DIAGNOSTIC}, "Missing", ""),
        ({"tag": "GONE", "limit": 7.25}, "Limit", "7.2"),
        ({"tag": "GONE"}, "Deadband", "0.3"),
        ({"kind": AlarmKind.STATE, "limit": 99.0}, "Limit", "99"),
    ],
)
def test_what_a_cell_says_follows_the_settings(
    engineer: Desk, settings: dict[str, object], column: str, words: str
) -> None:
    page = _page(engineer)
    _change(engineer, VIBRATION, **settings)
    assert _cells(page, VIBRATION)[column] == words


def test_words_priority_class_and_kind_narrow_it(engineer: Desk) -> None:
    _change(engineer, TRIP, alarm_class=AlarmClass.PERMIT, action="")
    _change(engineer, VIBRATION, enabled=False)
    page = _page(engineer)
    bar = page.filter_bar
    bar.field.setText("river p1 vib")
    page._filter()
    assert VIBRATION in _names(page)
    assert all("VIB" in name for name in _names(page))
    bar.clear()
    page._filter()
    bar.priority.choose(2)
    bar.kind.choose(AlarmKind.STATE)
    assert {(each.definition.priority, each.definition.kind) for each in page.table.shown} == {(2, AlarmKind.STATE)}
    bar.alarm_class.choose(AlarmClass.PERMIT)
    assert _names(page) == [TRIP]
    bar.clear()
    page._filter()
    assert len(page.table.shown) == page.table.total
    bar.incomplete.click()
    assert _names(page) == [TRIP]
    bar.disabled.click()
    assert _names(page) == []
    assert page._nothing.words == "No alarm passes the filter."
    page._nothing.everything.click()
    bar.disabled.click()
    assert VIBRATION in _names(page)
    assert not any(each.definition.enabled for each in page.table.shown)
    engineer.window.close_top()
    assert not bar.filter.is_on
    page.step_back()


def test_typing_waits_for_the_end_of_a_word(engineer: Desk) -> None:
    page = _page(engineer)
    page.filter_bar.field.setText("v")
    assert len(page.table.shown) == page.table.total
    page._pause.timeout.emit()
    assert len(page.table.shown) < page.table.total


def test_a_plant_without_alarms_says_so(engineer: Desk) -> None:
    page = _page(engineer)
    engineer.station.configured = {}
    engineer.station.put_alarms([])
    engineer.tick(5)
    assert page._nothing.words == "No alarm is configured."


def test_enter_and_a_double_click_open_an_alarm(engineer: Desk) -> None:
    page = _page(engineer)
    at = page.table.row_of(VIBRATION)
    page.view.selectRow(at)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, EditSheet)
    assert sheet.definition().name == VIBRATION
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    QTest.keyClick(page.view, Qt.Key.Key_Down)
    assert page.view.chosen()[0].name != VIBRATION
    page.view.doubleClicked.emit(page.table.index(at, TEXT))
    assert isinstance(engineer.window.area.dialogs.sheet, EditSheet)


def test_several_are_disabled_at_once_with_a_reason(engineer: Desk) -> None:
    page = _page(engineer)
    for name in (VIBRATION, TRIP):
        page.view.selectionModel().select(
            page.table.index(page.table.row_of(name), 0),
            page.view.selectionModel().SelectionFlag.Select | page.view.selectionModel().SelectionFlag.Rows,
        )
    assert not page.edit.isEnabled()
    page.disable.click()
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, ChangeSheet)
    assert not sheet.save_button.isEnabled()
    assert sheet.save_button.text().strip() == "Disable 2"
    sheet.save()
    sheet.review.reason.enter("pump is taken out")
    sheet.save_button.click()
    sheet.save()
    engineer.settle()
    (changes,) = engineer.station.alarm_changes
    assert {each.name: each.enabled for each in changes.changed} == {VIBRATION: False, TRIP: False}
    assert (changes.reason, changes.version) == ("pump is taken out", "1")
    assert sheet.progress.text() == "Saved, and in force"
    engineer.tick(25)
    assert engineer.window.area.dialogs.sheet is None


def test_what_is_disabled_can_be_enabled(engineer: Desk) -> None:
    _change(engineer, VIBRATION, enabled=False)
    page = _page(engineer)
    page.view.selectRow(page.table.row_of(VIBRATION))
    assert page.disable.text().strip() == "Enable"
    page.disable.click()
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, ChangeSheet)
    assert sheet.save_button.text().strip() == "Enable"
    sheet.review.reason.enter("it is back")
    sheet.save_button.click()
    engineer.settle()
    assert [each.enabled for each in engineer.station.alarm_changes[0].changed] == [True]


def test_an_alarm_is_removed_and_a_refusal_leaves_everything(engineer: Desk) -> None:
    page = _page(engineer)
    page.view.selectRow(page.table.row_of(VIBRATION))
    page.remove.click()
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, ChangeSheet)
    sheet.review.reason.enter("never useful")
    engineer.station.change_refusal = "Somebody else has changed the alarms since"
    sheet.save_button.click()
    assert not sheet.may_close
    engineer.settle()
    assert sheet.progress.text() == "Nothing was changed Somebody else has changed the alarms since"
    assert sheet.save_button.isEnabled(), "it can be tried again"
    assert engineer.station.alarm_changes == [
        AlarmChanges(version="1", removed=frozenset({VIBRATION}), reason="never useful")
    ]


def test_what_failed_in_the_window_is_said_as_unknown(engineer: Desk) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("broken")

    engineer.is_problem_expected = True
    engineer.station.change_alarms = broken  # type: ignore[method-assign,assignment]
    page = _page(engineer)
    page.view.selectRow(page.table.row_of(VIBRATION))
    page.remove.click()
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, ChangeSheet)
    sheet.review.reason.enter("never useful")
    sheet.save_button.click()
    engineer.settle()
    assert sheet.progress.text().startswith("The outcome is unknown")


def test_a_new_alarm_begins_with_its_tag_and_what_the_type_says(engineer: Desk) -> None:
    page = _page(engineer)
    page.new.click()
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, NewAlarmSheet)
    assert not sheet.next_button.isEnabled()
    for tag, kind, own, problem in (
        ("NOPE", AlarmKind.HIGH, "", "There is no tag NOPE."),
        ("RPS.P1.VIB", AlarmKind.HIGH, "", "There is an alarm RPS.P1.VIB.H already."),
        ("RPS.P1.VIB", AlarmKind.HIGH, "a b", "An id has letters, digits, _ and - only."),
        ("RPS.P1.VIB", AlarmKind.RATE, "", ""),
    ):
        sheet.tag.show_value(tag)
        sheet.kind.show_value(kind)
        sheet.id.show_value(own)
        assert sheet.problem.text() == problem
    assert sheet.next_button.isEnabled()
    sheet.next_button.click()
    engineer.tick(2)
    opened = engineer.window.area.dialogs.sheet
    assert isinstance(opened, EditSheet)
    assert opened.definition() == AlarmDefinition(tag="RPS.P1.VIB", kind=AlarmKind.RATE)


def test_a_default_that_was_taken_out_comes_with_what_its_type_says(engineer: Desk) -> None:
    known = dict(engineer.station.configured)
    gone = known.pop(VIBRATION)
    engineer.station.configured = known
    engineer.station.put_alarms([])
    engineer.tick(5)
    page = _page(engineer)
    page.new.click()
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, NewAlarmSheet)
    sheet.tag.show_value("RPS.P1.VIB")
    sheet.kind.show_value(AlarmKind.HIGH)
    sheet.next_button.click()
    engineer.tick(2)
    opened = engineer.window.area.dialogs.sheet
    assert isinstance(opened, EditSheet)
    assert opened.definition() == gone.definition


def test_a_duplicate_has_a_free_id_and_no_approval(engineer: Desk) -> None:
    _change(engineer, VIBRATION, approved_by="kim", moc="7")
    page = _page(engineer)
    page.view.selectRow(page.table.row_of(VIBRATION))
    page.duplicate.click()
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, EditSheet)
    made = sheet.definition()
    assert (made.name, made.approved_by, made.moc) == (f"{VIBRATION}.copy2", "", "")


def test_an_operator_reads_and_changes_nothing(desk: Desk) -> None:
    configure(desk)
    page = _page(desk)
    assert page.edit.text().strip() == "Show"
    assert all(each.isHidden() for each in (page.new, page.duplicate, page.disable, page.remove, page.take_in))
    page.view.selectRow(page.table.row_of(VIBRATION))
    page.edit.click()
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, EditSheet)
    assert not sheet.save_button.isVisible()
    assert not sheet.form.fields["latching"].isEnabled()


def test_the_card_of_an_alarm_leads_here(engineer: Desk) -> None:
    page = _page(engineer)
    page.filter_bar.field.setText("nothing")
    engineer.window.configure_alarm(VIBRATION)
    sheet = engineer.window.area.dialogs.sheet
    assert isinstance(sheet, EditSheet)
    assert page.view.chosen()[0].name == VIBRATION
    sheet.close_sheet()
    engineer.window.configure_alarm("nope")
    assert engineer.window.area.dialogs.sheet is None


def test_the_choice_is_told_and_lost_rows_are_never_chosen(engineer: Desk) -> None:
    page = _page(engineer)
    page.view.selectAll()
    assert page._foot.text() == f"{page.table.total} of {page.table.total} alarms · {page.table.total} chosen"
    assert page.table.index(0, 0).data(ALARM_ROLE) == page.table.shown[0]
    page.filter_bar.kind.choose(AlarmKind.STATE)
    assert page.view.chosen() == []


@pytest.mark.parametrize("room", [1646, 1250, 994, 700, 300])
def test_the_columns_fit_the_room(room: int) -> None:
    kept = widths_within(room)
    assert kept[TEXT] >= 120
    assert sum(kept.values()) <= max(room, 900)
