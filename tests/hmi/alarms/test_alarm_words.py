"""Every kind, priority and way of being put aside has words."""

from dataclasses import replace

import pytest

from alarms.snapshot import ALL_PRIORITIES, AlarmRow
from alarms.states import AlarmState
from hmi.alarms.distances import distance_text, live_reading
from hmi.alarms.words import (
    aside_words,
    figures,
    first_out_word,
    kind_word,
    limit_text,
    priority_word,
    value_text,
)
from hmi.units.choice import units
from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.quality import Quality
from tests.fakes.alarms import alarm
from tests.fakes.desk import Desk

TEMPERATURE = "RPS.P1.TEMP.HH"


@pytest.fixture
def row(desk: Desk) -> AlarmRow:
    return replace(alarm(desk.station.plant, TEMPERATURE), trip_value=131.0)


def test_every_kind_and_priority_has_a_word_of_its_own() -> None:
    kinds = [kind_word(kind) for kind in AlarmKind]
    priorities = [priority_word(priority) for priority in ALL_PRIORITIES]
    assert len(set(kinds)) == len(kinds)
    assert len(set(priorities)) == len(priorities)
    assert priority_word(5) == "diagnostic"
    assert all(kind_word(kind) == kind.value for kind in LIMIT_KINDS)


@pytest.mark.parametrize(
    ("kind", "limit", "words"),
    [
        (AlarmKind.HIGH_HIGH, 130.0, "131\u00a0°C (limit 130)"),
        (AlarmKind.RATE, 5.0, "131\u00a0°C/min (limit 5)"),
        (AlarmKind.DEVIATION, 5.0, "131\u00a0°C (limit 5)"),
        (AlarmKind.STUCK, 5.0, "131\u00a0°C (limit 5)"),
        (AlarmKind.STUCK, None, ""),
        (AlarmKind.STATE, 1.0, ""),
        (AlarmKind.CALCULATED, None, ""),
        (AlarmKind.SYSTEM, None, ""),
    ],
)
def test_a_limit_says_what_it_is_a_limit_of(
    desk: Desk, row: AlarmRow, kind: AlarmKind, limit: float | None, words: str
) -> None:
    assert figures(desk.window.context, replace(row, kind=kind, limit=limit)) == words


def test_a_distance_is_converted_without_the_shift_of_its_unit(desk: Desk, row: AlarmRow) -> None:
    context = desk.window.context
    units().choose({"temperature": "°F"})
    try:
        assert limit_text(context, replace(row, kind=AlarmKind.DEVIATION, limit=10.0)) == "18"
        assert limit_text(context, replace(row, kind=AlarmKind.HIGH, limit=10.0)) == "50"
        fast = replace(row, kind=AlarmKind.RATE, trip_value=-20.0, limit=-10.0)
        assert figures(context, fast) == "−36\u00a0°F/min (limit −18)"
        assert distance_text(10.0, AlarmKind.RATE, desk.tag(row.tag)) == "18\u00a0°F/min"
    finally:
        units().choose({})


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(AlarmKind.RATE, ("2", "°C/min")), (AlarmKind.DEVIATION, ("2", "°C")), (AlarmKind.HIGH, ("71", "°C"))],
)
def test_what_an_alarm_compares_now_is_a_distance_where_its_limit_is(
    desk: Desk, row: AlarmRow, kind: AlarmKind, shown: tuple[str, str]
) -> None:
    desk.station.put({row.tag: 71.0})
    desk.station.alarm_measures = {row.name: 2.0}
    reading = live_reading(desk.window.context, replace(row, kind=kind))
    assert reading is not None
    assert (reading.text, reading.unit) == shown
    assert reading.is_usable


@pytest.mark.parametrize("quality", [Quality.GOOD, Quality.BAD_NO_COMMUNICATION])
def test_a_rate_that_nobody_knows_is_never_good(desk: Desk, row: AlarmRow, quality: Quality) -> None:
    desk.station.put({row.tag: 71.0}, quality)
    reading = live_reading(desk.window.context, replace(row, kind=AlarmKind.RATE))
    assert reading is not None
    assert (reading.text, reading.mark, reading.is_usable) == ("—", "*", False)
    assert "good" not in reading.word.lower()
    assert live_reading(desk.window.context, replace(row, tag="")) is None


def test_what_has_no_limit_or_value_shows_a_dash(desk: Desk, row: AlarmRow) -> None:
    context = desk.window.context
    assert limit_text(context, replace(row, limit=float("nan"))) == "—"
    assert limit_text(context, replace(row, kind=AlarmKind.STATE)) == "—"
    assert value_text(context, replace(row, kind=AlarmKind.NO_UPDATE)) == "—"
    unknown = replace(row, tag="", kind=AlarmKind.DEVIATION, limit=5.0, unit="")
    assert (limit_text(context, unknown), figures(context, unknown)) == ("5.0", "131.0 (limit 5.0)")


@pytest.mark.parametrize(("first_out", "words"), [(0, ""), (1, "First out"), (2, "First out, with others at once")])
def test_first_out_and_a_tie_are_said(desk: Desk, row: AlarmRow, first_out: int, words: str) -> None:
    assert first_out_word(replace(row, first_out=first_out)) == words


def test_who_put_an_alarm_aside_and_until_when(desk: Desk, row: AlarmRow) -> None:
    context, now_us = desk.window.context, desk.station.clock.wall_us()
    aside = replace(row, aside_by="mo", aside_why="cleaning", until_us=now_us, is_one_shot=True)
    shelved = aside_words(context, replace(aside, state=AlarmState.SHLVD))
    assert shelved.startswith("Shelved by mo: cleaning, until ")
    assert shelved.endswith(", ends when it returns to normal")
    assert aside_words(context, replace(aside, state=AlarmState.OOSRV)).startswith(
        "Out of service, by mo: cleaning, review "
    )
    suppressed = replace(row, state=AlarmState.DSUPR, rule="{RPS.P1.RUN} == 0")
    assert aside_words(context, suppressed) == "Suppressed while River pump 1: Running is Stopped"
    assert aside_words(context, replace(suppressed, rule="")) == ""
    assert aside_words(context, replace(row, state=AlarmState.SHLVD)) == ""
    assert aside_words(context, row) == ""
