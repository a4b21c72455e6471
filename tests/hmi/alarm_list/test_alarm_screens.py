"""Bell, banner, list and journal as an operator uses them, with mouse and keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from database.errors import DatabaseError
from hmi.alarm_journal.page import JournalView
from hmi.shell.page import ALARMS, JOURNAL
from tests.fakes.alarms import alarm, journal, many_alarms
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk, visible

TRIP, VIBRATION, LEVEL = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "TK1.LEVEL.LL"
NAMES = (LEVEL, TRIP, VIBRATION, "RPS.P2.VIB.H", "RPS.P1.FLOW.H")


def _raise(desk: Desk, *names: str, state: AlarmState = AlarmState.UNACK) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, name, state=state) for name in names])
    desk.tick(5)


def _slots(desk: Desk) -> list[str]:
    return [slot.alarm.name for slot in desk.window.banner.slots if slot.isVisible() and slot.alarm]


@pytest.mark.parametrize(("width", "slots"), [(1920, 3), (1280, 1)])
def test_the_banner_shows_the_most_urgent_and_how_many_more(qtbot: QtBot, width: int, slots: int) -> None:
    with open_desk(size=(width, 900)) as desk:
        _raise(desk, *NAMES)
        assert _slots(desk) == list(NAMES[:slots])
        assert f"+{len(NAMES) - slots} more" in desk.texts()


def test_a_slot_says_tag_age_text_value_and_limit(qtbot: QtBot) -> None:
    clock = ManualClock(wall_us=1_700_000_000_000_000)
    with open_desk(clock=clock) as desk:
        desk.station.put_alarms([alarm(desk.station.plant, LEVEL, active_us=clock.wall_us() - 45_000_000)])
        desk.tick(5)
        assert {"TK1.LEVEL", "45 s", "Level very low", "· 21.0\u00a0% (limit 20.0)"} <= set(desk.texts())


def test_without_alarms_the_banner_says_that_none_waits(desk: Desk) -> None:
    _raise(desk)
    assert _slots(desk) == []
    assert "No alarm waits for an acknowledgement" in desk.texts()


def test_while_alarms_are_not_evaluated_every_screen_says_so(desk: Desk) -> None:
    desk.station.put_alarms([], is_evaluated=False)
    desk.tick(5)
    assert "Alarms not evaluated" in desk.texts()
    assert [each.text() for each in visible(desk.window.top_bar.bell, QLabel)] == ["?"] * 4
    desk.show_alarms()
    assert "Alarms are not evaluated. Watch the values." in desk.texts()


def test_the_bell_counts_by_priority_and_opens_the_list(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, *NAMES)
    assert [each.text() for each in visible(desk.window.top_bar.bell, QLabel)] == ["1", "1", "2", "1"]
    qtbot.mouseClick(desk.window.top_bar.bell, Qt.MouseButton.LeftButton)
    assert desk.window.page == ALARMS


def test_a_click_on_a_slot_opens_the_display_and_the_faceplate(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, TRIP)
    slot = desk.window.banner.slots[0]
    assert slot.alarm is not None
    qtbot.mouseClick(slot, Qt.MouseButton.LeftButton)
    assert desk.window.page == slot.alarm.display
    assert [each.equipment.name for each in desk.window.area.faceplates] == ["RPS.P1"]


def test_ack_in_the_banner_is_shown_at_once_and_then_gone(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, TRIP)
    slot = desk.window.banner.slots[0]
    qtbot.waitUntil(lambda: slot.is_settled)
    qtbot.mouseClick(slot.ack, Qt.MouseButton.LeftButton)
    assert not slot.ack.isEnabled()
    assert slot.ack.text().strip() == "Sent…"
    desk.settle()
    assert _slots(desk) == []


def test_a_button_that_is_held_acknowledges_what_stood_there_when_it_was_pressed(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, VIBRATION)
    slot = desk.window.banner.slots[0]
    qtbot.waitUntil(lambda: slot.is_settled)
    qtbot.mousePress(slot.ack, Qt.MouseButton.LeftButton)
    _raise(desk, TRIP, VIBRATION)
    assert _slots(desk) == [VIBRATION], "nothing moves under the finger"
    qtbot.mouseRelease(slot.ack, Qt.MouseButton.LeftButton)
    desk.settle()
    assert [seen.name for seen in desk.station.acknowledged] == [VIBRATION]
    qtbot.waitUntil(lambda: _slots(desk)[0] == TRIP)


@pytest.mark.parametrize("key", [False, True])
def test_an_alarm_that_has_only_just_come_is_not_acknowledged_by_a_click_or_key(
    desk: Desk, qtbot: QtBot, key: bool
) -> None:
    _raise(desk, VIBRATION)
    slot = desk.window.banner.slots[0]
    qtbot.waitUntil(lambda: slot.is_settled)
    _raise(desk, TRIP, VIBRATION)
    assert slot.alarm is not None
    assert slot.alarm.name == TRIP
    if key:
        desk.window.acknowledge_first()
    else:
        qtbot.mouseClick(slot.ack, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.station.acknowledged == []
    assert any("only just come; look again" in text for text in desk.texts())


def test_the_navigation_carries_the_sign_of_each_display(desk: Desk) -> None:
    _raise(desk, TRIP, VIBRATION)
    shown = desk.window.context.alarms.rows[0].display
    marks = desk.window.navigation.marks
    glyph = marks[shown].sign.glyph
    assert glyph is not None
    assert glyph.priority == 2
    assert marks[JOURNAL].sign.glyph is None


def test_the_empty_list_says_what_is_watched(desk: Desk) -> None:
    _raise(desk)
    desk.show_alarms()
    assert any(text.startswith("No alarms\n") and "conditions" in text for text in desk.texts())


def test_the_list_is_worked_by_keys_alone(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, *NAMES)
    qtbot.keyClick(desk.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    page = desk.window.area.alarms_page
    assert page is not None
    view = page.view
    assert desk.window.focusWidget() is view, "arrows work at once"
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert [row.name for row in view.chosen()] == [TRIP]
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert view.chosen() == []
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.chosen()) == len(NAMES)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: view.seen.was_read(view.chosen()[0]))
    qtbot.keyClick(desk.window, Qt.Key.Key_F7)
    desk.settle()
    assert [each.name for each in desk.station.acknowledged] == [VIBRATION]


def test_enter_opens_where_the_alarm_comes_from(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, TRIP)
    page = desk.show_alarms()
    page.view.selectRow(0)
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert desk.window.page == page.view.chosen()[0].display


def test_acknowledge_visible_takes_only_rows_on_screen(desk: Desk, qtbot: QtBot) -> None:
    desk.station.put_alarms(many_alarms(desk.station.plant, 200))
    page = desk.show_alarms()
    seen = {row.name for row in page.view.on_screen()}
    qtbot.waitUntil(lambda: all(page.view.seen.stands(row) for row in page.view.on_screen()))
    assert 10 < len(seen) < 60
    desk.window.acknowledge_visible()
    desk.settle()
    assert {each.name for each in desk.station.acknowledged} == seen


def test_a_click_into_the_box_selects_one_more(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, *NAMES)
    view = desk.show_alarms().view
    for at in (0, 2):
        place = view.visualRect(view.model().index(at, 0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert {row.name for row in view.chosen()} == {LEVEL, VIBRATION}


def test_the_details_tell_what_it_means_and_what_to_do(desk: Desk) -> None:
    _raise(desk, LEVEL)
    page = desk.show_alarms()
    page.view.selectRow(0)
    row = page.view.chosen()[0]
    assert {"Level very low", row.consequence, row.action, "1, urgent"} <= set(desk.texts())


@pytest.mark.parametrize(("width", "is_open"), [(1920, True), (1500, True), (1499, False), (1280, False)])
def test_the_details_are_closed_below_1500(qtbot: QtBot, width: int, is_open: bool) -> None:
    with open_desk(size=(width, 900)) as desk:
        assert desk.show_alarms().details.isVisible() is is_open


def test_a_filter_leaves_priorities_1_and_2_and_says_so(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, *NAMES)
    page = desk.show_alarms()
    qtbot.keyClicks(page.filter_bar.field, "nothing like this")
    assert [row.name for row in page.table.alarms] == [LEVEL, TRIP]
    assert any("2 of 5 alarms" in text and "pass every filter" in text for text in desk.texts())
    page.filter_bar.clear()
    page.filter_bar.buttons[3].click()
    assert [row.priority for row in page.table.alarms] == [1, 2, 4]


def _journal(desk: Desk, qtbot: QtBot) -> JournalView:
    desk.window.show_journal()
    (view,) = visible(desk.window, JournalView)
    qtbot.mouseClick(view.bar.spans.buttons()[-1], Qt.MouseButton.LeftButton)
    _read(desk)
    return view


def _read(desk: Desk) -> None:
    desk.tick(6)
    desk.settle()


def test_the_journal_is_filtered_by_words_priority_and_time(desk: Desk, qtbot: QtBot) -> None:
    desk.station.journal_rows = journal([alarm(desk.station.plant, name) for name in NAMES], "ACK", "ada")
    view = _journal(desk, qtbot)
    qtbot.keyClicks(view.bar.field, "tk1")
    _read(desk)
    assert [row.tag for row in view.table.rows] == ["TK1.LEVEL"]
    assert {"Acknowledged", "ada"} <= {view.table.index(0, at).data() for at in range(9)}
    view.bar.field.clear()
    view.bar.priorities[3].click()
    _read(desk)
    assert {row.priority for row in view.table.rows} == {1, 2, 4}
    view.bar.spans.buttons()[0].click()
    _read(desk)
    assert view.count_words == "No event in this time passes the filter."
    assert desk.station.journal_queries[-1].start_us is not None


def test_no_choice_of_priorities_hides_that_events_were_lost(desk: Desk, qtbot: QtBot) -> None:
    (row,) = journal([alarm(desk.station.plant, TRIP)])
    desk.station.journal_rows = [replace(row, seq=2, event="LOST", priority=0, tag=""), row]
    view = _journal(desk, qtbot)
    for shown in view.bar.priorities.values():
        shown.click()
    _read(desk)
    assert [each.event for each in view.table.rows] == ["LOST"]


def test_an_empty_journal_offers_to_show_everything(desk: Desk, qtbot: QtBot) -> None:
    desk.station.journal_rows = journal([alarm(desk.station.plant, name) for name in NAMES])
    view = _journal(desk, qtbot)
    qtbot.keyClicks(view.bar.field, "nothing like this")
    view.bar.priorities[3].click()
    _read(desk)
    (button,) = [each for each in visible(view, QPushButton) if each.text() == "Show everything"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    _read(desk)
    assert len(view.table.rows) == len(NAMES)
    assert view.bar.field.text() == ""


def test_a_journal_without_any_event_says_so(qtbot: QtBot) -> None:
    with open_desk(plant=replace(demo_plant(), alarms=())) as desk:
        view = _journal(desk, qtbot)
        assert view.count_words == "No event so far."
        assert "Show everything" not in [each.text() for each in visible(view, QPushButton)]


def test_until_it_is_read_nobody_says_that_the_journal_is_empty(desk: Desk) -> None:
    desk.station.journal_rows = journal([alarm(desk.station.plant, TRIP)])
    desk.window.show_journal()
    (view,) = visible(desk.window, JournalView)
    assert view.count_words == "The journal is being read"
    _read(desk)


def test_an_empty_list_offers_to_show_everything(desk: Desk, qtbot: QtBot) -> None:
    _raise(desk, VIBRATION)
    page = desk.show_alarms()
    qtbot.keyClicks(page.filter_bar.field, "nothing like this")
    (button,) = [each for each in visible(page, QPushButton) if each.text() == "Show everything"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [row.name for row in page.table.alarms] == [VIBRATION]


def test_an_entry_about_no_alarm_has_its_comment_for_text_and_no_glyph(desk: Desk, qtbot: QtBot) -> None:
    (row,) = journal([alarm(desk.station.plant, TRIP)])
    lost = replace(row, event="LOST", priority=0, tag="", text="", comment="12 events are lost", value=None)
    desk.station.journal_rows = [lost]
    view = _journal(desk, qtbot)
    assert [view.table.index(0, at).data() for at in (1, 5, 6)] == ["Events lost", "12 events are lost", "—"]
    assert not view.grab().isNull()


def test_a_communication_alarm_has_no_value_in_the_journal(desk: Desk, qtbot: QtBot) -> None:
    (row,) = journal([alarm(desk.station.plant, TRIP)])
    desk.station.journal_rows = [replace(row, kind="comm", value=39.0)]
    view = _journal(desk, qtbot)
    assert view.table.index(0, 6).data() == "—"


def test_a_journal_that_can_not_be_read_says_why(desk: Desk, qtbot: QtBot) -> None:
    desk.station.journal_error = DatabaseError("{file} is damaged", file="station.sqlite")
    view = _journal(desk, qtbot)
    assert view.count_words == "The journal can't be read: station.sqlite is damaged"
    desk.station.journal_error = None
    desk.station.journal_rows = journal([alarm(desk.station.plant, TRIP)])
    view.bar.spans.buttons()[-1].click()
    _read(desk)
    assert view.count_words == "1 of 1 events"
