"""Back-tests and proposals of a running station: which setting they compare with, and when they end."""

import asyncio
from dataclasses import replace

import pytest

from alarms.definitions import Alarm
from alarms.snapshot import AlarmSnapshot
from analytics.backtest import BackTestRequest
from database.errors import DatabaseError
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from station.alarm_studies import AlarmStudies
from tests.fakes.pump_plant import pump_plant
from tests.fakes.running_station import RunningStation

LEVEL_HIGH = next(each for each in pump_plant().alarms if each.name == "LEVEL.H")


def studies(*alarms: AlarmDefinition) -> AlarmStudies:
    snapshot = AlarmSnapshot(configured={each.name: Alarm(name=each.name, definition=each) for each in alarms})
    return AlarmStudies(pump_plant(), None, None, lambda: snapshot, None)  # type: ignore[arg-type]


def test_the_present_setting_is_the_configured_one_of_that_name() -> None:
    request = BackTestRequest(replace(LEVEL_HIGH, limit=9.0), 0, 1)
    assert studies(LEVEL_HIGH).completed(request).present == LEVEL_HIGH
    assert studies().completed(request).present is None


def test_a_setting_that_is_named_comes_first() -> None:
    other = replace(LEVEL_HIGH, limit=7.0)
    assert studies(LEVEL_HIGH).completed(BackTestRequest(LEVEL_HIGH, 0, 1, other)).present == other


def test_a_present_setting_that_can_t_be_tested_is_no_comparison() -> None:
    old = AlarmDefinition(tag="LEVEL", kind=AlarmKind.HIGH, limit_tag="GONE")
    assert studies(old).completed(BackTestRequest(LEVEL_HIGH, 0, 1)).present is None


async def test_a_station_that_does_not_run_says_so(running: RunningStation) -> None:
    await asyncio.to_thread(running.stop)
    with pytest.raises(DatabaseError, match="not running"):
        await running.station.back_test(BackTestRequest(LEVEL_HIGH, 0, 1))
    with pytest.raises(DatabaseError, match="not running"):
        await running.station.propose("LEVEL.H")
