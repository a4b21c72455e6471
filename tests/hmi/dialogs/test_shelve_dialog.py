"""Putting alarms on the shelf, as a person does it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from alarms.acknowledgement import AlarmSeen
from alarms.handling import AlarmAct, AlarmRequest
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from database.errors import DatabaseError
from hmi.dialogs.shelve import ShelveDialog
from plant_models.alarm_definition import AlarmClass
from tests.fakes.alarms import alarm, journal
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, open_desk

TRIP, VIBRATION, PRESSURE = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "RPS.DISCHARGE.H"


def _row(desk: Desk, name: str, **settings: object) -> AlarmRow:
    return alarm(desk.station.plant, name, **settings)


def open_shelve(desk: Desk, rows: Sequence[AlarmRow], minutes: float | None = None) -> ShelveDialog:
    desk.window.area.aside.shelve(rows, minutes)
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, ShelveDialog)
    return sheet


def test_it_asks_for_a_reason_and_sends_what_was_seen_with_a_length(desk: Desk) -> None:
    dialog = open_shelve(desk, [_row(desk, VIBRATION, occurrence=7)])
    assert not dialog.confirm_button.isEnabled()
    dialog.confirm()
    dialog.reason.enter("sensor is loose")
    assert dialog.minutes == 60.0, "what the plant proposes"
    dialog.lengths.buttons["360"].click()
    dialog.one_shot.click()
    dialog.confirm_button.click()
    dialog.confirm()
    desk.settle()
    assert desk.station.alarm_requests == [
        AlarmRequest(
            act=AlarmAct.SHELVE,
            seen=(AlarmSeen(VIBRATION, 7, 3),),
            comment="sensor is loose",
            minutes=360.0,
            is_one_shot=True,
        )
    ]
    assert dialog.progress.text().startswith("Shelved until ")
    desk.tick(25)
    assert desk.window.area.dialogs.sheet is None, "a success closes by itself"


def test_longer_than_the_class_allows_cannot_be_chosen_and_says_why(desk: Desk) -> None:
    dialog = open_shelve(desk, [_row(desk, VIBRATION)], minutes=1440.0)
    assert dialog.minutes == 480.0, "the longest that is allowed"
    long = dialog.lengths.buttons["1440"]
    assert not long.isEnabled()
    assert long.toolTip() == "The rules of its class allow 8 h at most."
    dialog.reason.enter("sensor is loose")
    for typed, minutes in (("500", None), ("x", None), ("", None), ("0", None), ("1:30", 90.0), ("45", 45.0)):
        dialog.other.setText(typed)
        assert dialog.minutes == minutes, typed
        assert dialog.confirm_button.isEnabled() is (minutes is not None)
    assert dialog.make_request() is not None


def test_the_end_is_said_in_the_time_of_the_site(clock: ManualClock) -> None:
    with open_desk(clock=clock) as desk:
        dialog = open_shelve(desk, [_row(desk, VIBRATION)], minutes=15.0)
        assert dialog.until_text() == "Until 22:28:20 GMT"
        clock.advance(60)
        desk.tick()
        assert dialog.until_text() == "Until 22:29:20 GMT"
        dialog.lengths.buttons["360"].click()
        assert dialog.until_text() == "Until 2023-11-15 04:14:20 GMT"
        dialog.lengths.buttons["other"].click()
        dialog.other.clear()
        assert dialog.until_text() == "Type a time that is allowed"


def test_who_may_not_reads_so_before_trying_and_is_not_asked_for(desk: Desk) -> None:
    rows = [
        _row(desk, VIBRATION),
        _row(desk, TRIP, alarm_class=AlarmClass.SECURITY),
        _row(desk, PRESSURE, priority=1),
        replace(_row(desk, "RPS.SUCTION.L"), state=AlarmState.OOSRV),
    ]
    dialog = open_shelve(desk, rows)
    assert dialog.list.notes() == {
        TRIP: "Alarms of the class Security are never shelved",
        PRESSURE: "Only a supervisor may shelve it",
        "RPS.SUCTION.L": "The alarm is out of service",
    }
    dialog.reason.enter("because")
    dialog.confirm_button.click()
    desk.settle()
    assert [each.name for each in desk.station.alarm_requests[0].seen] == [VIBRATION]


def test_with_none_that_may_be_shelved_nothing_can_be_sent(desk: Desk) -> None:
    dialog = open_shelve(desk, [_row(desk, TRIP, alarm_class=AlarmClass.SECURITY)])
    dialog.reason.enter("because")
    assert not dialog.confirm_button.isEnabled()
    assert dialog.make_request() is None


def test_refusals_stand_with_their_alarms_and_the_rest_is_counted(desk: Desk) -> None:
    desk.station.ack_refusals = {TRIP: "It was raised again since you saw it"}
    dialog = open_shelve(desk, [_row(desk, VIBRATION), _row(desk, TRIP)])
    assert dialog.confirm_button.text() == "Shelve 2 alarms"
    dialog.reason.enter("because")
    dialog.confirm_button.click()
    assert not dialog.may_close, "it stays while it is on its way"
    desk.settle()
    assert dialog.list.notes() == {TRIP: "It was raised again since you saw it"}
    assert dialog.progress.text() == "1 of 2 done"
    desk.tick(40)
    assert desk.window.area.dialogs.sheet is dialog, "a refusal stays until it is closed"
    dialog.cancel_button.click()
    assert desk.window.area.dialogs.sheet is None


def test_several_are_counted_when_all_are_done(desk: Desk) -> None:
    dialog = open_shelve(desk, [_row(desk, VIBRATION), _row(desk, PRESSURE)])
    dialog.reason.enter("because")
    dialog.confirm_button.click()
    desk.settle()
    assert dialog.progress.text().startswith("2 alarms shelved until ")


def test_recent_reasons_can_be_picked(desk: Desk) -> None:
    rows = [_row(desk, VIBRATION, active_us=desk.station.clock.wall_us())] * 3
    words = ("Gauge is cleaned", "Tests & repairs", "Gauge is cleaned")
    desk.station.journal_rows = [
        replace(row, event="SHELVE", comment=each) for row, each in zip(journal(rows), words, strict=True)
    ]
    dialog = open_shelve(desk, [_row(desk, VIBRATION)])
    assert not dialog.reason.recent.isVisible()
    desk.settle()
    assert dialog.reason.recent.isVisible()
    texts = [action.text() for action in dialog.reason.menu.actions()]
    assert texts == ["Gauge is cleaned", "Tests && repairs"]
    dialog.reason.menu.actions()[1].trigger()
    assert dialog.reason.text() == "Tests & repairs"
    assert dialog.confirm_button.isEnabled()


def test_without_a_journal_there_are_no_recent_reasons_and_shelving_goes_on(desk: Desk) -> None:
    desk.station.journal_error = DatabaseError("{file} is full", file="x")
    dialog = open_shelve(desk, [_row(desk, VIBRATION)])
    desk.settle()
    assert not dialog.reason.recent.isVisible()


def test_what_failed_in_the_window_is_said_as_unknown(desk: Desk) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("broken")

    desk.is_problem_expected = True
    desk.station.handle_alarms = broken  # type: ignore[method-assign,assignment]
    dialog = open_shelve(desk, [_row(desk, VIBRATION)])
    dialog.reason.enter("because")
    dialog.confirm_button.click()
    desk.settle()
    assert dialog.progress.text() == "The outcome is unknown Look at the list of alarms."
    assert dialog.may_close


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_stray_key_shelves_nothing(desk: Desk, key: Qt.Key) -> None:
    dialog = open_shelve(desk, [_row(desk, VIBRATION)])
    assert desk.window.focusWidget() is dialog.reason.focus_widget(), "the keyboard begins with the reason"
    dialog.reason.enter("because")
    QTest.keyClick(dialog.reason.focus_widget(), key)
    desk.settle()
    assert desk.station.alarm_requests == []
    assert (desk.window.area.dialogs.sheet is None) is (key == Qt.Key.Key_Escape)


def test_those_on_the_shelf_are_shelved_again(desk: Desk) -> None:
    dialog = open_shelve(desk, [_row(desk, VIBRATION, state=AlarmState.SHLVD)])
    assert dialog.accessibleName() == "Shelve again"
