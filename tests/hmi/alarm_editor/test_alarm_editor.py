"""Changing one alarm, as an engineer does it."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget

from alarms.changing import AlarmChanges
from alarms.definitions import Alarm
from alarms.past_row import PastRow
from alarms.states import Bits
from analytics.activations import Activations
from analytics.alarm_past import AlarmPast
from analytics.backtest import BackTest, BackTestRequest, events_of
from analytics.coverage import Coverage
from analytics.outcome import Outcome, outcome_of
from analytics.proposals import Proposal
from database.errors import DatabaseError
from hmi.alarm_editor.differences import differences
from hmi.alarm_editor.editor import EditSheet
from hmi.alarm_editor.field_specs import SPECS
from hmi.alarm_editor.fields import ChoiceField, DayField, NumberField
from hmi.dialogs.date_field import day_of
from plant_models.alarm_definition import AlarmClass, AlarmDefinition, AlarmKind, AlarmSettings, Severity
from plant_models.alarm_philosophy import KpiTargets
from plant_models.message import message
from tests.fakes.desk import Desk, visible

VIBRATION, TRIP = "RPS.P1.VIB.H", "RPS.P1.FLT.state"


def _edit(desk: Desk, name: str = VIBRATION) -> EditSheet:
    desk.window.configure_alarm(name)
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, EditSheet)
    desk.tick(2)
    return sheet


def _caption(sheet: EditSheet, name: str) -> str:
    caption = sheet.form._captions[name]
    assert isinstance(caption, QLabel)
    return caption.text()


def _texts(sheet: EditSheet) -> str:
    return " | ".join(each.text() for each in visible(sheet, QLabel))


def test_every_setting_has_a_field() -> None:
    assert set(SPECS) | {"kind", "id"} == {each.name for each in fields(AlarmSettings)}


@pytest.mark.parametrize("kind", [each for each in AlarmKind if each not in (AlarmKind.DEVICE, AlarmKind.SYSTEM)])
def test_what_is_shown_is_what_was_read(engineer: Desk, kind: AlarmKind) -> None:
    whole = AlarmDefinition(
        tag="RPS.P1.VIB", kind=kind, id="x", enabled=False, limit=4.25, limit_tag="RPS.P2.VIB", reference="RPS.P2.VIB",
        window_s=30.0, expression="{RPS.P1.VIB} > 3", deadband=0.5, on_delay_s=1.5, off_delay_s=2.0, count=3,
        count_s=60.0, realarm_min=15.0, latching=True, priority=2, alarm_class=AlarmClass.PERMIT, area="RPS",
        first_out="group", explains=True, suppress_when="{RPS.P1.RUN} == 0", consequence_at=7.0, text="High",
        causes="a\nb", consequence="c", severity=Severity.MAJOR, action="d", confirmation="e", respond_min=20.0,
        basis="f", guidance="g", display="overview", procedure="h", owner="i", approved_by="j",
        approved_on="2026-11-29", review_due="2027-11-29", moc="k",
    )  # fmt: skip
    sheet = EditSheet(engineer.window.context, whole, is_known=True)
    assert sheet.definition() == whole
    assert not sheet._is_changed
    sheet.deleteLater()


def test_an_alarm_is_changed_after_old_and_new_were_shown_and_a_reason_given(engineer: Desk) -> None:
    sheet = _edit(engineer)
    assert not sheet.save_button.isEnabled()
    assert sheet.save_button.toolTip() == "Nothing is changed"
    sheet.save()
    sheet.form.fields["limit"].show_value(4.8)
    sheet.form.fields["priority"].show_value(2)
    sheet.save_button.click()
    assert "Limit | 4.5\u00a0mm/s | → 4.8\u00a0mm/s | Priority | 3, medium | → 2, high" in _texts(sheet)
    assert not sheet.save_button.isEnabled()
    sheet.back_button.click()
    assert sheet.form.isVisible()
    sheet.save_button.click()
    sheet.review.reason.enter("too many")
    sheet.save_button.click()
    engineer.settle()
    old = engineer.station.configured[VIBRATION].definition
    assert engineer.station.alarm_changes == [
        AlarmChanges(version="1", changed=(replace(old, limit=4.8, priority=2),), reason="too many")
    ]
    assert sheet.may_close


def test_what_cant_be_right_is_said_while_it_is_typed_and_cant_be_saved(engineer: Desk) -> None:
    sheet = _edit(engineer)
    limit = sheet.form.fields["limit"]
    assert isinstance(limit, NumberField)
    for typed, words in (
        ("nan", "This is not a number."),
        ("1.2.3", "This is not a number."),
        ("9", "It must lie below HH, 7.1\u00a0mm/s."),
        ("", "Type a limit."),
    ):
        limit.field.setText(typed)
        assert words in _texts(sheet), typed
        assert not sheet.save_button.isEnabled()
        assert limit.field.property("state") == "invalid"
    limit.field.setText("4,75")
    assert sheet.definition().limit == 4.75
    assert sheet.save_button.isEnabled()
    sheet.form.fields["count"].field.setText("2.5")  # type: ignore[attr-defined]
    assert "Type a whole number." in _texts(sheet)
    sheet._test()
    assert engineer.station.back_tests == [], "nonsense isn't tested"


def test_what_is_wrong_is_said_with_its_field_and_marked_on_its_part(engineer: Desk) -> None:
    sheet = _edit(engineer)
    parts = sheet.form.sections.buttons
    assert [each.text() for each in parts.values()] == ["Condition", "Behaviour", "What it means", "Record"]
    sheet.form.fields["deadband"].field.setText("x")  # type: ignore[attr-defined]
    sheet.form.fields["realarm_min"].field.setText("0")  # type: ignore[attr-defined]
    sheet.form.fields["text"].show_value("")
    texts = _texts(sheet)
    assert "Deadband: This is not a number." in texts
    assert "Annunciated again after: Leave it empty for never." in texts
    assert [each.text() for each in parts.values()][:2] == ["Condition (1)", "Behaviour (1)"]
    sheet.form.fields["deadband"].field.setText("1")  # type: ignore[attr-defined]
    assert parts["0"].text() == "Condition"


def test_many_remarks_are_counted(engineer: Desk) -> None:
    sheet = _edit(engineer)
    for name in ("limit", "deadband", "on_delay_s", "off_delay_s", "count", "count_s"):
        sheet.form.fields[name].field.setText("x")  # type: ignore[attr-defined]
    assert "and 2 more" in _texts(sheet)


def test_what_the_type_says_is_grey_and_named(engineer: Desk) -> None:
    sheet = _edit(engineer)
    title = engineer.station.plant.types["pump"].title
    assert _caption(sheet, "limit") == f"from type {title}"
    inner = sheet.form.fields["limit"].focusProxy()
    assert inner is not None
    assert inner.property("inherited") == "yes"
    sheet.form.fields["limit"].show_value(4.8)
    assert _caption(sheet, "limit") == f"type {title}: 4.5\u00a0mm/s"
    assert inner.property("inherited") == ""
    assert _caption(sheet, "area") == "The part of the plant where it counts"


def test_an_alarm_of_no_type_inherits_nothing(engineer: Desk) -> None:
    configured = engineer.station.configured
    alone = next(name for name, each in configured.items() if not each.equipment and each.definition.tag)
    sheet = _edit(engineer, alone)
    assert "from type" not in _texts(sheet)


def test_a_state_is_chosen_by_its_word(engineer: Desk) -> None:
    sheet = _edit(engineer, TRIP)
    limit = sheet.form.fields["limit"]
    assert isinstance(limit, ChoiceField)
    assert [limit.list.itemText(at) for at in range(limit.list.count())] == list(engineer.tag("RPS.P1.FLT").states)
    assert sheet.definition().limit == 1.0


def test_tags_and_formulas_are_said_in_words(engineer: Desk) -> None:
    sheet = _edit(engineer)
    sheet.form.fields["limit_tag"].show_value("RPS.P2.VIB")
    assert engineer.tag("RPS.P2.VIB").description in _texts(sheet)
    sheet.form.show_section_of("suppress_when")
    sheet.form.fields["suppress_when"].show_value("{RPS.P1.RUN} == 0")
    assert f"is {engineer.tag('RPS.P1.RUN').states[0]}" in _texts(sheet)
    assert sheet.form.sections.choice == "1"


def test_a_day_and_what_isnt_known_stay_as_they_are(engineer: Desk) -> None:
    sheet = _edit(engineer)
    day = sheet.form.fields["review_due"]
    assert isinstance(day, DayField)
    day.show_value("soon")
    assert (day.value(), day_of("soon"), day_of("2026-11-29")) == ("soon", None, date(2026, 11, 29))
    sheet.form.fields["area"].show_value("GONE")
    sheet.form.fields["area"].show_value("GONE")
    assert sheet.definition().area == "GONE"
    sheet.form.fields["severity"].show_value(None)
    assert sheet.definition().severity is None


def test_closing_what_isnt_saved_is_done_twice(engineer: Desk) -> None:
    sheet = _edit(engineer)
    sheet.form.fields["limit"].show_value(4.8)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert engineer.window.area.dialogs.sheet is sheet
    assert sheet.progress.text() == "Not saved yet Close again to discard what you changed."
    assert sheet.cancel_button.text() == "Discard"
    sheet.form.fields["limit"].show_value(4.9)
    assert sheet.cancel_button.text() == "Cancel"
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert engineer.window.area.dialogs.sheet is None
    assert engineer.station.alarm_changes == []


def _theirs(desk: Desk, name: str, **settings: object) -> None:
    known = dict(desk.station.configured)
    known[name] = replace(known[name], definition=replace(known[name].definition, **settings))  # type: ignore[arg-type]
    desk.station.configured = known
    desk.station.alarm_version = "2"
    desk.station.put_alarms([])
    desk.tick(5)


def test_that_somebody_else_changed_it_is_said_and_theirs_can_be_taken(engineer: Desk) -> None:
    sheet = _edit(engineer)
    sheet.form.fields["limit"].show_value(4.8)
    _theirs(engineer, VIBRATION, limit=6.0)
    assert "Somebody else has changed it meanwhile: Limit: 4.5\u00a0mm/s → 6\u00a0mm/s" in _texts(sheet)
    sheet.save_button.click()
    sheet.review.reason.enter("too many")
    changes = sheet.make_changes()
    assert changes is not None
    assert changes.version == "1", "the station refuses what was seen before theirs"
    sheet.theirs_button.click()
    assert sheet.definition().limit == 6.0
    engineer.tick()
    assert "Somebody else" not in _texts(sheet)


def test_that_somebody_else_took_it_out_is_said(engineer: Desk) -> None:
    sheet = _edit(engineer)
    known = dict(engineer.station.configured)
    del known[VIBRATION]
    engineer.station.configured = known
    engineer.station.put_alarms([])
    engineer.tick(5)
    assert "It exists no longer" in _texts(sheet)
    assert not sheet.theirs_button.isVisible()
    sheet._take_theirs()


def test_what_others_changed_elsewhere_doesnt_matter(engineer: Desk) -> None:
    sheet = _edit(engineer)
    sheet.form.fields["limit"].show_value(4.8)
    _theirs(engineer, TRIP, priority=1)
    sheet.save_button.click()
    sheet.review.reason.enter("too many")
    changes = sheet.make_changes()
    assert changes is not None
    assert changes.version == "2"


def test_an_alarm_that_the_program_makes_can_only_be_read(engineer: Desk) -> None:
    definition = AlarmDefinition(tag="", kind=AlarmKind.COMMUNICATION, text="No communication")
    made = Alarm(name="RPS_PLC.comm", definition=definition, device="RPS_PLC")
    engineer.station.configured = {**engineer.station.configured, made.name: made}
    engineer.station.put_alarms([])
    engineer.tick(5)
    sheet = _edit(engineer, made.name)
    assert not sheet.save_button.isVisible()
    assert "the program makes it" in _texts(sheet)
    assert sheet.may_close


def _acts(end_us: int, count: int, apart_s: int, length_s: int) -> Activations:
    starts = end_us - np.arange(count, 0, -1, dtype=np.int64) * apart_s * 1_000_000
    return Activations(starts, starts + length_s * 1_000_000, np.full(count, 9.0))


def _answer(request: BackTestRequest, count: int = 212) -> BackTest:
    def outcome(definition: AlarmDefinition, acts: Activations) -> Outcome:
        return outcome_of(definition, acts, KpiTargets())

    assert request.present is not None
    present = outcome(request.present, _acts(request.end_us, count, 10_000, 600))
    late = Activations(
        present.activations.starts_us[-3:] + np.array([0, 90_000_000, -60_000_000]),
        present.activations.ends_us[-3:],
        np.full(3, 9.0),
    )
    proposed = outcome(request.definition, late)
    coverage = Coverage(30 * 86_400_000_000, 0, 0, request.start_us)
    events = events_of(present.activations, proposed, 60.0)
    return BackTest(request, proposed, present, coverage, 60.0, events)


def test_a_setting_is_tested_against_history_beside_the_present_one(engineer: Desk) -> None:
    async def answer(request: BackTestRequest) -> BackTest:
        engineer.station.back_tests.append(request)
        return _answer(request)

    engineer.station.back_test = answer  # type: ignore[method-assign]
    sheet = _edit(engineer)
    sheet.form.fields["limit"].show_value(5.0)
    sheet.back_test.test_button.click()
    sheet.back_test.test_button.click()
    assert sheet.back_test.words.text() == "The last 30 days are being read"
    sheet._test()
    engineer.settle()
    (request,) = engineer.station.back_tests
    assert request.definition.limit == 5.0
    assert request.present == engineer.station.configured[VIBRATION].definition
    assert request.end_us - request.start_us == 30 * 86_400_000_000
    assert sheet.back_test.words.text().startswith("3 instead of 212 alarms in 30 days")
    (events,) = visible(sheet, QListWidget)
    lines = [events.item(at).text() for at in range(events.count())]
    assert len(lines) == 200
    assert lines[0].endswith("10 min · caught 60 s earlier")
    assert lines[1].endswith("caught 90 s later")
    assert lines[2].endswith("caught")
    assert lines[3].endswith("missed")
    assert "and 12 more" in _texts(sheet)
    sheet.form.fields["limit"].show_value(5.5)
    assert "This is about another setting; test again." in _texts(sheet)


def test_an_alarm_that_history_can_t_tell_of_is_tested_by_what_it_did(engineer: Desk) -> None:
    link = AlarmDefinition(tag="RPS.P1.VIB", kind=AlarmKind.COMMUNICATION, on_delay_s=2.0, text="No radio")
    configured = {**engineer.station.configured, link.name: Alarm(name=link.name, definition=link)}
    engineer.station.configured = configured
    engineer.station.put_alarms([])
    now_us = engineer.station.clock.wall_us()
    times_us = [now_us - seconds * 1_000_000 for seconds in (900, 895, 880)]
    rows = [
        PastRow(link.name, at_us, at_us, event, int(bits))
        for at_us, event, bits in zip(
            times_us, ("ALM", "ACK", "RTN"), (Bits.ACTIVE, Bits.ACTIVE, Bits.ACKED), strict=True
        )
    ]
    engineer.station.alarm_pasts[link.name] = AlarmPast(rows, ((0, now_us),))
    sheet = _edit(engineer, link.name)
    sheet.form.fields["on_delay_s"].show_value(1.0)
    sheet.back_test.test_button.click()
    engineer.settle()
    assert sheet.back_test.words.text().startswith("Shorter delays than today's can't be tried")
    sheet.form.fields["on_delay_s"].show_value(60.0)
    sheet.back_test.test_button.click()
    engineer.settle()
    assert sheet.back_test.words.text().startswith(
        "0 instead of 1 alarms in 30 days. 0 of 1 shorter ones that somebody"
    )
    (events,) = visible(sheet, QListWidget)
    assert [events.item(at).text().endswith("20 s · missed · acknowledged") for at in range(events.count())] == [True]


def test_a_proposal_is_used_and_then_saved_like_any_change(engineer: Desk) -> None:
    present = engineer.station.configured[VIBRATION].definition
    proposed = replace(present, deadband=0.6, on_delay_s=25.0)
    end_us = engineer.station.clock.wall_us()
    test = _answer(BackTestRequest(proposed, end_us - 30 * 86_400_000_000, end_us, present))
    engineer.station.proposals = {VIBRATION: Proposal(message("A deadband of 0.6"), proposed, test)}
    sheet = _edit(engineer)
    sheet.form.fields["text"].show_value("Shaking")
    assert not sheet.back_test.use_button.isVisible()
    sheet.back_test.propose_button.click()
    sheet._propose()
    engineer.settle()
    assert sheet.back_test.words.text() == "A deadband of 0.6"
    assert visible(sheet, QListWidget)
    sheet.back_test.use_button.click()
    assert sheet.definition() == replace(proposed, text="Shaking")
    assert "another setting" not in _texts(sheet)
    assert sheet.save_button.isEnabled()


def test_why_there_is_no_proposal_is_said(engineer: Desk) -> None:
    engineer.station.proposals = {VIBRATION: Proposal(message("It needs no other setting"))}
    sheet = _edit(engineer)
    sheet.back_test.propose_button.click()
    engineer.settle()
    assert sheet.back_test.words.text() == "It needs no other setting"
    assert not sheet.back_test.use_button.isVisible()


def test_a_new_alarm_has_no_present_setting_to_better(engineer: Desk) -> None:
    bare = AlarmDefinition(tag="RPS.P1.VIB", kind=AlarmKind.RATE)
    sheet = EditSheet(engineer.window.context, bare, is_known=False)
    assert sheet.back_test.propose_button.isHidden()
    sheet._propose()
    sheet.deleteLater()


def test_what_cant_be_tested_says_why(engineer: Desk) -> None:
    async def refuse(*_: object) -> BackTest:
        raise ValueError(message("There is no history"))

    async def broken(*_: object) -> Proposal:
        raise DatabaseError("{file} is full", file="x")

    engineer.station.back_test = refuse  # type: ignore[method-assign]
    engineer.station.propose = broken  # type: ignore[method-assign]
    sheet = _edit(engineer)
    sheet.back_test.test_button.click()
    engineer.settle()
    assert sheet.back_test.words.text() == "There is no history"
    assert sheet.back_test.test_button.isEnabled()
    sheet.back_test.propose_button.click()
    engineer.settle()
    assert sheet.back_test.words.text() == "x is full"


def test_values_are_said_as_people_read_them(engineer: Desk) -> None:
    context = engineer.window.context
    old = replace(engineer.station.configured[VIBRATION].definition, alarm_class=AlarmClass.PROCESS, severity=None)
    new = replace(
        old, latching=True, severity=Severity.MINOR, alarm_class=AlarmClass.PERMIT, area="RPS", on_delay_s=5.0,
        realarm_min=15.0, text="",
    )  # fmt: skip
    words = [each.words for each in differences(context, old, new)]
    assert words == [
        "On delay: 10\u00a0s → 5\u00a0s",
        "Class: Process → Permit",
        "Area: — → River pump station",
        "Stays until it is reset: no → yes",
        "Annunciated again after: — → 15\u00a0min",
        "Text: Vibration high → —",
        "How bad that is: — → Minor",
    ]
    trip = engineer.station.configured[TRIP].definition
    assert "Limit: — → Tripped" in [each.words for each in differences(context, None, trip)]
    rate = replace(old, kind=AlarmKind.RATE)
    words = [each.words for each in differences(context, None, rate)]
    assert "Limit: — → 4.5\u00a0mm/s/min" in words
    assert "Deadband: 0\u00a0mm/s/min → 0.3\u00a0mm/s/min" in words
    gone = replace(old, tag="GONE")
    assert "Limit: — → 4.5" in [each.words for each in differences(context, None, gone)]
