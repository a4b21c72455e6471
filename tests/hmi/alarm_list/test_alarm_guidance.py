"""What the card of an alarm says: meaning, guidance, causes, the past."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from alarms.definitions import Alarm, alarms_of
from alarms.handling import AlarmAct
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from database.errors import DatabaseError
from hmi.alarm_list.details import Details
from hmi.alarms.formula_words import formula_words
from hmi.alarms.guidance import guidance_lines, steps
from hmi.dialogs.shelve import ShelveDialog
from hmi.units.choice import units
from plant_models.alarm_definition import AlarmClass
from plant_models.plant import Plant
from tests.fakes.alarms import alarm, journal
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, demo_plant, open_desk, visible

TRIP, VIBRATION = "RPS.P1.FLT.state", "RPS.P1.VIB.H"
DAY_S = 86_400


@pytest.fixture
def timed(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    with open_desk(clock=clock) as desk:
        yield desk


def _alarm(plant: Plant, name: str, **settings: object) -> Alarm:
    made = next(each for each in alarms_of(plant) if each.name == name)
    return replace(made, definition=replace(made.definition, **settings))  # type: ignore[arg-type]


def _show(desk: Desk, row: AlarmRow, *others: AlarmRow) -> Details:
    desk.station.put_alarms([row, *others])
    desk.window.show_alarms()
    desk.tick(5)
    page = desk.window.area.alarms_page
    assert page is not None
    page.view.selectRow(next(at for at, each in enumerate(page.table.alarms) if each.name == row.name))
    desk.settle()
    desk.tick(5)
    return page.details


def _texts(details: Details) -> str:
    return " | ".join(each.text() for each in visible(details, QLabel))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("Check the pump", ("Check the pump",)),
        ("Check 2 pumps. Go", ("Check 2 pumps. Go",)),
        ("Check it\n\n Go there ", ("Check it", "Go there")),
        ("1. Check it\n2) Go there", ("Check it", "Go there")),
        ("- Check it\n• Go there", ("Check it", "Go there")),
        ("1. Check it 2. Go there 3. Wait", ("Check it", "Go there", "Wait")),
    ],
)
def test_a_text_with_several_lines_or_numbers_becomes_steps(text: str, expected: tuple[str, ...]) -> None:
    assert steps(text) == expected


def test_guidance_is_said_with_who_says_it_and_its_own_words_stand_alone() -> None:
    made = _alarm(demo_plant(), VIBRATION, guidance="Listen to it")
    made = replace(made, guidance=(("This alarm", "Listen to it"), ("River pump station", "Wear ear protection")))
    assert guidance_lines(made) == ("Listen to it", "River pump station: Wear ear protection")


def test_a_formula_is_read_in_the_words_of_its_tags(desk: Desk) -> None:
    context = desk.window.context
    run, pressure = desk.tag("RPS.P1.RUN"), desk.tag("RPS.DISCHARGE")
    words = formula_words(context, "{RPS.P1.RUN} == 0 and not ({RPS.DISCHARGE} >= 2.5 or abs({NOPE}) < 3)")
    expected = f"{run.description} is {run.states[0]} and not ({pressure.description} is at least 2.50\u00a0bar"
    assert words == f"{expected} or abs(NOPE) is below 3)"
    assert formula_words(context, "{RPS.P1.RUN} > 7 * 2").endswith("is above 7 * 2")


def test_the_card_says_what_it_means_and_what_to_do(desk: Desk) -> None:
    plant = desk.station.plant
    made = _alarm(
        plant, TRIP, causes="Blocked vent", confirmation="Look at the current", procedure="OP-117", guidance="Be quick"
    )
    made = replace(made, guidance=(("This alarm", "Be quick"),))
    desk.station.configured = {TRIP: made}
    desk.station.alarm_causes = {"a": TRIP, "b": TRIP, TRIP: VIBRATION}
    row = alarm(
        plant, TRIP, action="Check it\nGo there", first_out=2, alarm_class=AlarmClass.EQUIPMENT, note="Vent is cleaned",
        acked_by="kim", acked_us=1_700_000_000_000_000, count=4,
    )  # fmt: skip
    text = _texts(_show(desk, row, alarm(plant, VIBRATION)))
    for words in (
        "Likely cause | Blocked vent",
        "What to do | 1. | Check it | 2. | Go there",
        "How to confirm | Look at the current",
        "Guidance | Be quick",
        "Procedure | OP-117",
        "Comment | Vent is cleaned",
        "One of several that came first together",
        "Class | Equipment",
        "Explained by | Vibration high · RPS.P1.VIB",
        "Explains | 2 others",
        "Raised | 4 times",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"state": AlarmState.SHLVD, "is_one_shot": True}, "Until | 22:33:20, or when it returns to normal"),
        ({"state": AlarmState.SHLVD}, "Shelved | By | kim, 22:03:20 | Until | 22:33:20 | Why | Gauge is cleaned"),
        ({"state": AlarmState.OOSRV}, "Out of service | By | kim, 22:03:20 | To be reviewed | 22:33:20"),
        ({"state": AlarmState.OOSRV, "aside_by": "", "aside_us": None}, "By | unknown"),
        ({"state": AlarmState.DSUPR, "rule": "{RPS.P1.RUN} == 0"}, "Suppressed by design | While | River pump 1"),
        ({"state": AlarmState.DSUPR}, "Suppressed by design"),
    ],
)
def test_the_card_says_who_put_it_aside_until_when_and_why(
    timed: Desk, settings: dict[str, object], words: str
) -> None:
    now_us = timed.station.clock.wall_us()
    aside = {
        "aside_by": "kim", "aside_us": now_us - 600_000_000, "until_us": now_us + 1_200_000_000,
        "aside_why": "Gauge is cleaned",
    }  # fmt: skip
    row = alarm(timed.station.plant, VIBRATION, **{**aside, **settings})
    assert words in _texts(_show(timed, row))


def _past(desk: Desk, days: list[int], comment: str = "", user: str = "kim") -> None:
    now_us = desk.station.clock.wall_us()
    rows = journal([alarm(desk.station.plant, VIBRATION)] * len(days))
    desk.station.journal_rows = [
        replace(row, at_us=now_us - day * DAY_S * 1_000_000, recorded_us=now_us - day * DAY_S * 1_000_000,
                comment=comment, user=user)
        for row, day in zip(rows, days, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "Before | Not in the last 30 days."),
        ([5], "Before | Once in 30 days. Last: 9 Nov, 22:13"),
        ([0, 5, 9, 31], "Before | 2 times in 30 days. Last: 9 Nov, 22:13"),
    ],
)
def test_the_card_says_how_often_it_came_before(timed: Desk, days: list[int], words: str) -> None:
    _past(timed, days)
    assert words in _texts(_show(timed, alarm(timed.station.plant, VIBRATION)))


def test_more_than_was_counted_is_said_as_at_least(timed: Desk) -> None:
    _past(timed, [1] * 700, comment="Vent cleaned")
    text = _texts(_show(timed, alarm(timed.station.plant, VIBRATION)))
    assert "At least 500 times in 30 days. Last: 13 Nov, 22:13 | “Vent cleaned” kim" in text


def test_the_past_of_an_hour_ago_has_no_date(timed: Desk) -> None:
    _past(timed, [0])
    row = alarm(timed.station.plant, VIBRATION, active_us=timed.station.clock.wall_us() + 1)
    assert "Once in 30 days. Last: 22:13:20" in _texts(_show(timed, row))


def test_the_past_is_asked_for_once_and_never_waited_for(timed: Desk) -> None:
    details = _show(timed, alarm(timed.station.plant, VIBRATION))
    again = alarm(timed.station.plant, VIBRATION, occurrence=2)
    details.show_alarm(again)
    assert "Before | The journal is being read" in _texts(details)
    timed.settle()
    asked = len(timed.station.journal_queries)
    details.show_alarm(None)
    details.show_alarm(again)
    assert "Before | Not in the last 30 days." in _texts(details)
    timed.settle()
    assert len(timed.station.journal_queries) == asked


def test_only_the_newest_pasts_are_kept(timed: Desk) -> None:
    plant = timed.station.plant
    details = _show(timed, alarm(plant, VIBRATION))
    asked = len(timed.station.journal_queries)
    for occurrence in range(2, 104):
        details._before.of(alarm(plant, VIBRATION, occurrence=occurrence))
    details._before.of(alarm(plant, VIBRATION))
    timed.settle()
    assert len(timed.station.journal_queries) == asked + 2 * 103


def test_a_journal_that_cant_be_read_is_said(timed: Desk) -> None:
    timed.station.journal_error = DatabaseError("{file} is full", file="x")
    text = _texts(_show(timed, alarm(timed.station.plant, VIBRATION)))
    assert "Before | The journal can't be read: x is full" in text


def test_what_looks_as_before_stays_where_it_was_scrolled_to(desk: Desk) -> None:
    desk.window.resize(1280, 720)
    row = alarm(desk.station.plant, VIBRATION, action="\n".join(f"Step {at}" for at in range(60)))
    details = _show(desk, row)
    page = desk.window.area.alarms_page
    assert page is not None
    page.toggle_details()
    desk.tick(2)
    bar = details._scroll.verticalScrollBar()
    bar.setValue(300)
    desk.station.put_alarms([row])
    desk.tick(5)
    assert bar.value() == 300
    units().changed.emit()
    desk.tick()
    assert details.alarm == row


def _press(desk: Desk, details: Details) -> None:
    desk.tick(8)
    QTest.mouseClick(details.ack, Qt.MouseButton.LeftButton)
    desk.settle()


def test_its_buttons_reset_shelve_and_put_back(clock: ManualClock) -> None:
    with open_desk(clock=clock) as desk:
        plant = desk.station.plant
        details = _show(desk, alarm(plant, VIBRATION, state=AlarmState.LATAK))
        assert details.ack.text().strip() == "Reset"
        clock.advance(1)
        _press(desk, details)
        assert [each.act for each in desk.station.alarm_requests] == [AlarmAct.RESET]
        details.shelve.click()
        assert isinstance(desk.window.area.dialogs.sheet, ShelveDialog)
        desk.window.area.dialogs.sheet.close_sheet()
        details = _show(desk, alarm(plant, VIBRATION, state=AlarmState.SHLVD))
        assert details.shelve.text().strip() == "Unshelve"
        details.shelve.click()
        desk.settle()
        details = _show(desk, alarm(plant, VIBRATION, state=AlarmState.OOSRV))
        assert details.shelve.text().strip() == "In service"
        details.shelve.click()
        desk.settle()
        wanted = [AlarmAct.RESET, AlarmAct.UNSHELVE, AlarmAct.RETURN_TO_SERVICE]
        assert [each.act for each in desk.station.alarm_requests] == wanted
        details = _show(desk, alarm(plant, VIBRATION, state=AlarmState.DSUPR))
        assert not details.shelve.isEnabled()


def test_it_leads_to_the_settings_of_a_configured_alarm(desk: Desk) -> None:
    wanted: list[str] = []
    details = _show(desk, alarm(desk.station.plant, VIBRATION))
    details.configure_wanted.connect(wanted.append)
    assert not details.configure.isEnabled()
    desk.station.configured = {VIBRATION: _alarm(desk.station.plant, VIBRATION)}
    details = _show(desk, alarm(desk.station.plant, VIBRATION))
    details.configure.click()
    assert wanted == [VIBRATION]


def test_without_an_alarm_nothing_can_be_done(desk: Desk) -> None:
    details = _show(desk, alarm(desk.station.plant, VIBRATION))
    details.show_alarm(None)
    details._want(AlarmAct.COMMENT)
    details._want_trend()
    assert desk.window.area.dialogs.sheet is None
