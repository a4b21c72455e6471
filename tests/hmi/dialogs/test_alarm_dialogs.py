"""Out of service, comments, and what is put back, as a person does it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCalendarWidget, QLabel, QMenu, QPlainTextEdit

from alarms.acknowledgement import AckResult
from alarms.handling import AlarmAct
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from database.errors import DatabaseError
from hmi.dialogs.alarm_comment import AlarmCommentDialog
from hmi.dialogs.alarm_confirm import AlarmConfirmDialog
from hmi.dialogs.date_field import DateField
from hmi.dialogs.out_of_service import OutOfServiceDialog
from plant_models.alarm_definition import AlarmClass
from plant_models.alarm_philosophy import STANDARD_RULES, AlarmPhilosophy, ClassRules
from station.session import Session
from tests.fakes.alarms import alarm, journal
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk, visible

TRIP, VIBRATION, PRESSURE = "RPS.P1.FLT.state", "RPS.P1.VIB.H", "RPS.DISCHARGE.H"
SUPERVISOR = Session(user="sue", roles=frozenset({"supervisor"}), seat="desk-1", is_logged_on=False)


def _rows(desk: Desk, *names: str, **settings: object) -> list[AlarmRow]:
    return [alarm(desk.station.plant, name, **settings) for name in names]


def _out_of_service(desk: Desk, rows: Sequence[AlarmRow]) -> OutOfServiceDialog:
    desk.window.area.aside.act(AlarmAct.OUT_OF_SERVICE, rows)
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, OutOfServiceDialog)
    return sheet


def _comment(desk: Desk, rows: Sequence[AlarmRow]) -> AlarmCommentDialog:
    desk.window.area.aside.act(AlarmAct.COMMENT, rows)
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, AlarmCommentDialog)
    return sheet


def test_out_of_service_needs_work_order_date_and_reason(clock: ManualClock) -> None:
    with open_desk(clock=clock, session=SUPERVISOR) as desk:
        dialog = _out_of_service(desk, _rows(desk, VIBRATION))
        assert dialog.review.text() == "2023-11-28", "in two weeks"
        dialog.work_order.setText("WO-118")
        dialog.reason.enter("pump is taken apart")
        dialog.review.field.setText("2023-11-1")
        assert dialog.problem.text() == "Type the review date like 2023-11-14"
        assert dialog.make_request() is None
        dialog.review.show_day(date(2023, 11, 14))
        assert dialog.problem.text() == "The review date must lie in the future"
        assert not dialog.confirm_button.isEnabled()
        dialog.review.show_day(date(2023, 12, 1))
        dialog.confirm_button.click()
        desk.settle()
        (request,) = desk.station.alarm_requests
        assert (request.act, request.work_order) == (AlarmAct.OUT_OF_SERVICE, "WO-118")
        assert request.comment == "pump is taken apart"
        assert request.review_us == 1_701_417_600_000_000, "8 in the morning of that day"
        assert dialog.progress.text() == "The alarm is out of service"


def test_an_operator_reads_that_only_a_supervisor_may(desk: Desk) -> None:
    dialog = _out_of_service(desk, _rows(desk, VIBRATION, TRIP))
    words = "Only a supervisor may take it out of service"
    assert set(dialog.list.notes().values()) == {words}
    dialog.work_order.setText("7")
    dialog.reason.enter("because")
    assert not dialog.confirm_button.isEnabled()


def test_several_go_out_of_service_at_once() -> None:
    with open_desk(session=SUPERVISOR) as desk:
        dialog = _out_of_service(desk, _rows(desk, VIBRATION, TRIP))
        assert dialog.confirm_button.text() == "Take 2 alarms out of service"
        assert any(text.startswith("Nobody is called by them") for text in desk.texts())
        dialog.work_order.setText("7")
        dialog.reason.enter("because")
        dialog.confirm_button.click()
        desk.settle()
        assert dialog.progress.text() == "2 alarms are out of service"


def test_a_day_is_picked_from_a_calendar(desk: Desk) -> None:
    dialog = _out_of_service(desk, _rows(desk, VIBRATION))
    dialog.review.field.clear()
    dialog.review.pick.click()
    (menu,) = visible(dialog.review, QMenu)
    (calendar,) = menu.findChildren(QCalendarWidget)
    calendar.clicked.emit(QDate(2031, 2, 3))
    assert dialog.review.day == date(2031, 2, 3)
    assert not menu.isVisible()


def test_a_date_that_may_only_be_read_has_no_calendar(desk: Desk) -> None:
    field = DateField("Day", date(2026, 1, 2))
    field.set_read_only(True)
    field.show_day(None)
    assert field.text() == ""
    assert field.pick.isHidden()
    assert field.field.placeholderText() == "YYYY-MM-DD"
    field.deleteLater()


def test_a_comment_shows_what_was_said_before_and_has_a_least_length(desk: Desk) -> None:
    rows = _rows(desk, VIBRATION, active_us=desk.station.clock.wall_us())
    made = [replace(row, comment="Vent cleaned", user="kim", event="COMMENT") for row in journal(rows)]
    other = replace(made[0], alarm=PRESSURE, comment="of another one")
    desk.station.journal_rows = [*made, other, replace(made[0], comment="")]
    dialog = _comment(desk, rows)
    desk.settle()
    shown = " | ".join(each.text() for each in visible(dialog, QLabel))
    assert "Vent cleaned" in shown
    assert "kim" in shown
    assert "of another one" not in shown
    dialog.field.setPlainText("abc")
    assert not dialog.confirm_button.isEnabled()
    assert dialog.make_request() is None
    dialog.field.setPlainText("filter ordered")
    dialog.confirm_button.click()
    desk.settle()
    (request,) = desk.station.alarm_requests
    assert (request.act, request.comment) == (AlarmAct.COMMENT, "filter ordered")
    assert dialog.progress.text() == "The comment is recorded"


@pytest.mark.parametrize("is_broken", [False, True])
def test_where_nobody_said_anything_or_the_journal_is_broken_it_says_so(desk: Desk, is_broken: bool) -> None:
    if is_broken:
        desk.station.journal_error = DatabaseError("{file} is full", file="x")
    dialog = _comment(desk, [replace(*_rows(desk, VIBRATION), tag="", kind=None)])
    desk.settle()
    shown = " | ".join(each.text() for each in visible(dialog, QLabel))
    assert ("The journal can't be read: x is full" in shown) is is_broken
    assert ("Nobody has said anything about it in the last 30 days." in shown) is not is_broken


def test_the_keyboard_begins_in_the_comment(desk: Desk) -> None:
    dialog = _comment(desk, _rows(desk, VIBRATION, TRIP))
    assert isinstance(desk.window.focusWidget(), QPlainTextEdit)
    dialog.field.setPlainText("too long" * 100)
    assert not dialog.confirm_button.isEnabled()


def test_where_the_class_wants_it_an_acknowledgement_asks_for_a_comment() -> None:
    rules = {**STANDARD_RULES, AlarmClass.WATER_QUALITY: ClassRules(comment_needed=True)}
    plant = replace(demo_plant(), philosophy=AlarmPhilosophy(rules=rules))
    with open_desk(plant=plant) as desk:
        plain, strict = _rows(desk, VIBRATION, TRIP)
        strict = replace(strict, alarm_class=AlarmClass.WATER_QUALITY)
        desk.station.put_alarms([plain, strict])
        desk.tick(5)
        desk.window.context.alarms.acknowledge((plain, strict))
        dialog = desk.window.area.dialogs.sheet
        assert isinstance(dialog, AlarmCommentDialog)
        desk.settle()
        assert [each.name for each in desk.station.acknowledged] == [VIBRATION]
        dialog.field.setPlainText("sampling is under way")
        dialog.confirm_button.click()
        desk.settle()
        assert [each.name for each in desk.station.acknowledged] == [VIBRATION, TRIP]
        assert desk.station.ack_comments == ["", "sampling is under way"]
        assert dialog.progress.text() == "Acknowledged"


def test_one_is_put_back_at_once_and_several_are_asked_about(desk: Desk) -> None:
    aside = desk.window.area.aside
    shelved = _rows(desk, VIBRATION, TRIP, state=AlarmState.SHLVD)
    active = _rows(desk, PRESSURE)
    aside.act(AlarmAct.UNSHELVE, [shelved[0], *active])
    desk.settle()
    assert [(each.act, each.seen[0].name) for each in desk.station.alarm_requests] == [(AlarmAct.UNSHELVE, VIBRATION)]
    aside.act(AlarmAct.UNSHELVE, shelved)
    dialog = desk.window.area.dialogs.sheet
    assert isinstance(dialog, AlarmConfirmDialog)
    assert desk.window.focusWidget() is dialog.cancel_button
    dialog.confirm_button.click()
    desk.settle()
    assert [each.name for each in desk.station.alarm_requests[1].seen] == [VIBRATION, TRIP]
    assert dialog.progress.text() == "2 alarms are off the shelf"


def test_what_nobody_can_do_or_may_do_is_said_at_once(desk: Desk) -> None:
    told: list[str] = []
    desk.window.context.alarms.warned.connect(told.append)
    aside = desk.window.area.aside
    aside.act(AlarmAct.RESET, _rows(desk, VIBRATION))
    aside.act(AlarmAct.RETURN_TO_SERVICE, _rows(desk, VIBRATION))
    aside.act(AlarmAct.SHELVE, [])
    desk.station.ack_refusals = {TRIP: "There is nothing to reset"}
    aside.act(AlarmAct.RESET, _rows(desk, TRIP, state=AlarmState.LATAK))
    desk.settle()
    aside.act(AlarmAct.SHELVE, _rows(desk, VIBRATION))
    aside.act(AlarmAct.COMMENT, _rows(desk, VIBRATION))
    desk.settle()
    assert told == [
        "There is nothing to reset",
        "None of these is out of service",
        "No alarm is selected. Click one, or press Space on it.",
        f"Not reset: {TRIP}: There is nothing to reset",
        "Close the dialog that is open first.",
    ]


def test_what_is_done_but_not_recorded_yet_is_said(desk: Desk) -> None:
    async def late(*_: object) -> tuple[AckResult, ...]:
        return (AckResult(TRIP, True, "It is not recorded yet"),)

    told: list[str] = []
    desk.window.context.alarms.warned.connect(told.append)
    desk.station.handle_alarms = late  # type: ignore[method-assign,assignment]
    desk.window.area.aside.act(AlarmAct.RESET, _rows(desk, TRIP, state=AlarmState.LATAK))
    desk.settle()
    assert told == [f"{TRIP}: It is not recorded yet"]
