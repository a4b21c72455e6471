"""Since when a state holds and a value is bad: said when it was seen, left out when it can't be known."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from alarms.states import AlarmState
from hmi.faceplate.since import state_since
from hmi.numbers import clock_text
from plant_models.batch import failure
from plant_models.quality import Quality
from tests.fakes.alarms import alarm
from tests.fakes.clock import ManualClock
from tests.fakes.desk import PUMP, Desk, open_desk, visible


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    del qtbot
    with open_desk(clock=clock) as desk:
        yield desk


def _since(desk: Desk, name: str = PUMP) -> int | None:
    context = desk.window.context
    return state_since(context, context.plant.equipment[name])


def _put(desk: Desk, clock: ManualClock, quality: int = Quality.GOOD, **values: float) -> int:
    """Let 10 s go by, give members of the pump values, and return when that was."""
    clock.advance(10)
    desk.station.put({f"{PUMP}.{member}": value for member, value in values.items()}, quality)
    return clock.wall_us()


def _texts(desk: Desk, name: str = PUMP) -> list[str]:
    faceplate = desk.window.area.open_faceplate(name)
    desk.tick(5)
    return [label.text() for label in visible(faceplate, QLabel)]


def test_a_state_that_was_there_at_the_start_has_no_time(desk: Desk) -> None:
    assert _since(desk) is None
    assert not any(text.endswith(" ago") for text in _texts(desk))


def test_a_trip_that_was_seen_has_its_time_and_age(desk: Desk, clock: ManualClock) -> None:
    at_us = _put(desk, clock, FLT=1.0, RUN=0.0)
    clock.advance(47)
    assert _since(desk) == at_us
    assert any(text.endswith(" · 47 s ago") for text in _texts(desk))


def test_polls_and_what_does_not_decide_the_state_leave_its_time_alone(desk: Desk, clock: ManualClock) -> None:
    at_us = _put(desk, clock, FLT=1.0)
    _put(desk, clock, FLT=1.0)
    _put(desk, clock, RUN=0.0, MODE=2.0)
    assert _since(desk) == at_us


def test_each_change_of_state_moves_its_time(desk: Desk, clock: ManualClock) -> None:
    assert _put(desk, clock, RUN=0.0, MODE=2.0) == _since(desk)
    assert _put(desk, clock, AVAIL=0.0) == _since(desk)
    running_us = _put(desk, clock, RUN=1.0)
    _put(desk, clock, MODE=1.0)
    assert _since(desk) == running_us  # the mode doesn't decide that it runs


def test_a_newer_change_that_changed_no_state_hides_since_when_it_holds(desk: Desk, clock: ManualClock) -> None:
    _put(desk, clock, FLT=1.0)
    _put(desk, clock, Quality.GOOD_LOCAL_OVERRIDE, FLT=1.0)
    assert _since(desk) is None


def test_after_a_gap_nobody_knows_since_when(desk: Desk, clock: ManualClock) -> None:
    _put(desk, clock, RUN=0.0)
    _put(desk, clock, Quality.BAD_SENSOR_FAILURE, RUN=0.0)
    assert _since(desk) is None
    _put(desk, clock, RUN=0.0)
    assert _since(desk) is None


def test_what_began_before_a_start_is_known_from_its_alarm(desk: Desk, clock: ManualClock) -> None:
    at_us = clock.wall_us() - 3600 * 1_000_000
    trip = alarm(desk.station.plant, f"{PUMP}.FLT.state", state=AlarmState.ACKED, active_us=at_us)
    _put(desk, clock, Quality.BAD_NO_COMMUNICATION, FLT=1.0)
    _put(desk, clock, FLT=1.0)
    desk.station.put_alarms([trip])
    desk.tick(5)
    assert _since(desk) == at_us


@pytest.mark.parametrize(
    "settings", [{"state": AlarmState.RTNUN}, {"is_frozen": True}, {"active_us": 1_700_000_020_000_000}]
)
def test_an_alarm_that_tells_less_is_not_asked(desk: Desk, clock: ManualClock, settings: dict[str, Any]) -> None:
    at_us = clock.wall_us() - 3600 * 1_000_000
    _put(desk, clock, Quality.BAD_NO_COMMUNICATION, FLT=1.0)
    _put(desk, clock, FLT=1.0)
    desk.station.put_alarms([alarm(desk.station.plant, f"{PUMP}.FLT.state", **{"active_us": at_us, **settings})])
    desk.tick(5)
    assert _since(desk) is None


def test_a_state_that_measurements_decide_has_no_time(desk: Desk, clock: ManualClock) -> None:
    for inflow in (100.0, -100.0):
        clock.advance(10)
        desk.station.put({"TK1.INFLOW": inflow})
    assert _since(desk, "TK1") is None


def test_while_nothing_is_evaluated_no_time_is_said(desk: Desk, clock: ManualClock) -> None:
    _put(desk, clock, FLT=1.0)
    desk.station.health = replace(desk.station.health, is_evaluated=False)
    assert not any(text.endswith(" ago") for text in _texts(desk))


def test_a_bad_value_says_since_when_and_that_it_is_the_last_good_one(desk: Desk, clock: ManualClock) -> None:
    _put(desk, clock, VIB=1.8)
    _put(desk, clock, Quality.BAD_SENSOR_FAILURE, VIB=1.8)
    time = _clock_text(desk, clock)
    clock.advance(30)
    _put(desk, clock, Quality.BAD_SENSOR_FAILURE, VIB=1.8)
    assert f"Sensor fault since {time}, last good value" in _texts(desk)


def test_a_number_that_came_with_the_fault_is_not_called_good(desk: Desk, clock: ManualClock) -> None:
    _put(desk, clock, VIB=1.8)
    _put(desk, clock, Quality.BAD_SENSOR_FAILURE, VIB=9.9)
    assert f"Sensor fault since {_clock_text(desk, clock)}" in _texts(desk)


def test_a_dead_device_leaves_the_last_good_values(desk: Desk, clock: ManualClock) -> None:
    clock.advance(10)
    rows = [desk.station.table.index[f"{PUMP}.VIB"]]
    desk.station.table.apply(failure(rows, Quality.BAD_NO_COMMUNICATION, clock.wall_us(), 0))
    assert f"No communication since {_clock_text(desk, clock)}, last good value" in _texts(desk)


def test_a_stale_value_says_since_when_no_new_one_came(desk: Desk, clock: ManualClock) -> None:
    _put(desk, clock, VIB=1.8)
    time = _clock_text(desk, clock)
    clock.advance(60)
    desk.station.table.age()
    assert f"No new value since {time}" in _texts(desk)


def _clock_text(desk: Desk, clock: ManualClock) -> str:
    return clock_text(clock.wall_us(), desk.window.context.zone)
